package pgembed

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// maxSocketPath is the longest path of a Unix socket that Linux takes, in
// bytes: sun_path has 108 with the closing zero.
// https://man7.org/linux/man-pages/man7/unix.7.html
const maxSocketPath = 107

const socketName = ".s.PGSQL.5432"

// DefaultDir is the data folder when PORUCH_DATA does not name one:
// /var/lib/poruch for root, else poruch in the user's XDG data folder.
func DefaultDir() string {
	if os.Geteuid() == 0 {
		return "/var/lib/poruch"
	}
	return userDir(os.Getenv, os.TempDir())
}

func userDir(getenv func(string) string, temp string) string {
	// The XDG specification says to ignore a relative path.
	// https://specifications.freedesktop.org/basedir-spec/latest/
	if xdg := getenv("XDG_DATA_HOME"); filepath.IsAbs(xdg) {
		return filepath.Join(xdg, "poruch")
	}
	if home := getenv("HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, ".local", "share", "poruch")
	}
	return filepath.Join(temp, fmt.Sprintf("poruch-%d", os.Geteuid()))
}

// folder is the data folder of one server.
type folder struct {
	root    string // Config.Dir
	cluster string // what Postgres calls the data directory
	log     string
}

func openFolder(dir string) (folder, error) {
	if dir == "" {
		return folder{}, errors.New("open data folder: no folder given")
	}
	root, err := filepath.Abs(dir)
	if err != nil {
		return folder{}, fmt.Errorf("open data folder %s: %w", dir, err)
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
		return folder{}, fmt.Errorf("create the data folder (PORUCH_DATA sets another): %w", err)
	}
	// A link may lead through folders that the server's user cannot pass.
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return folder{}, fmt.Errorf("open data folder: %w", err)
	}
	return folder{root: root, cluster: filepath.Join(root, "postgres"), log: filepath.Join(root, "postgres.log")}, nil
}

// admit makes sure that the server's user can come as far as the cluster. The
// data folder itself gets search permission when it holds nothing but ours,
// since a fresh private folder is what people name; folders above it are never
// changed.
func (f folder) admit(id identity) error {
	if !id.drop {
		return nil
	}
	at, err := id.blockedAt(f.root)
	if err != nil {
		return fmt.Errorf("check the data folder: %w", err)
	}
	if at == f.root && f.ours() {
		info, err := os.Stat(f.root)
		if err != nil {
			return fmt.Errorf("check the data folder: %w", err)
		}
		if err := os.Chmod(f.root, info.Mode().Perm()|0o011); err != nil {
			return fmt.Errorf("let %s into the data folder: %w", id.name, err)
		}
		return nil
	}
	if at != "" {
		return fmt.Errorf("data folder %s: user %s, who runs Postgres, may not pass %s: set PORUCH_DATA to a folder outside it, such as /var/lib/poruch", f.root, id.name, at)
	}
	return nil
}

func (f folder) ours() bool {
	entries, err := os.ReadDir(f.root)
	if err != nil {
		return false
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "postgres") {
			return false
		}
	}
	return true
}

// major is the version of the cluster, or "" when there is none.
func (f folder) major() string {
	text, err := os.ReadFile(filepath.Join(f.cluster, "PG_VERSION"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// socketDir makes the folder of the server's socket: in the data folder, or,
// where that path would be too long, in a folder for temporary files, under a
// name that follows from the data folder, so that a killed process leaves
// nothing that its successor does not use.
func (f folder) socketDir(id identity) (string, error) {
	sum := sha256.Sum256([]byte(f.root))
	short := fmt.Sprintf("poruch-%d-%x", id.uid, sum[:6])
	for _, dir := range []string{f.root + "/postgres.run", filepath.Join(os.TempDir(), short), "/tmp/" + short} {
		if len(filepath.Join(dir, socketName)) > maxSocketPath {
			continue
		}
		if at, err := id.blockedAt(filepath.Dir(dir)); id.drop && (err != nil || at != "") {
			continue
		}
		if err := claimSocketDir(dir, id); err != nil {
			return "", fmt.Errorf("make the socket folder: %w", err)
		}
		return dir, nil
	}
	return "", fmt.Errorf("data folder %s: no short enough path for a socket: set TMPDIR to a short one", f.root)
}

// claimSocketDir refuses what another user may have put in its place: whoever
// owns the folder could answer in the server's name.
func claimSocketDir(dir string, id identity) error {
	info, err := os.Lstat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	default:
		st, ok := info.Sys().(*syscall.Stat_t)
		if !ok || !info.IsDir() || (st.Uid != id.uid && int(st.Uid) != os.Geteuid()) {
			return fmt.Errorf("%s belongs to someone else: remove it", dir)
		}
	}
	return id.own(dir)
}
