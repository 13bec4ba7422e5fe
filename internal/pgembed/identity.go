package pgembed

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// identity is the system user that the server runs as.
type identity struct {
	name   string
	uid    uint32
	gid    uint32
	groups []uint32
	drop   bool // the server needs other credentials than this process has
}

// chooseIdentity picks who runs the server of a cluster, which may not exist yet.
func chooseIdentity(euid int, cluster string, lookup func(string) (*user.User, error)) (identity, error) {
	if euid != 0 {
		return identity{uid: uint32(euid), gid: uint32(os.Getegid())}, nil
	}
	// Postgres opens only a folder that its own user owns, so an existing
	// cluster decides.
	if info, err := os.Stat(cluster); err == nil {
		if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Uid != 0 {
			u, err := user.LookupId(strconv.Itoa(int(st.Uid)))
			if err != nil {
				return identity{}, fmt.Errorf("%s belongs to user %d, which does not exist: set PORUCH_DATA to another folder: %w", cluster, st.Uid, err)
			}
			return asIdentity(u)
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := lookup(name); err == nil {
			return asIdentity(u)
		}
	}
	return identity{}, errors.New("postgres does not run as root, and there is neither a user postgres nor nobody: create one, or start poruch as an ordinary user")
}

func asIdentity(u *user.User) (identity, error) {
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return identity{}, fmt.Errorf("user %s has no numeric id: %w", u.Username, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return identity{}, fmt.Errorf("user %s has no numeric group: %w", u.Username, err)
	}
	id := identity{name: u.Username, uid: uint32(uid), gid: uint32(gid), drop: true}
	groups, err := u.GroupIds()
	if err != nil {
		return identity{}, fmt.Errorf("read the groups of %s: %w", u.Username, err)
	}
	for _, g := range groups {
		if n, err := strconv.ParseUint(g, 10, 32); err == nil {
			id.groups = append(id.groups, uint32(n))
		}
	}
	return id, nil
}

// credential is nil when the server runs as this process does.
func (id identity) credential() *syscall.Credential {
	if !id.drop {
		return nil
	}
	return &syscall.Credential{Uid: id.uid, Gid: id.gid, Groups: id.groups}
}

// own makes dir with mode 0700 for the identity, or corrects it.
func (id identity) own(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if id.drop {
		if err := os.Lchown(dir, int(id.uid), int(id.gid)); err != nil {
			return err
		}
	}
	return os.Chmod(dir, 0o700)
}

// blockedAt returns the first folder on the way to dir, dir included, that the
// identity cannot pass, or "". It reads the classic mode bits only.
func (id identity) blockedAt(dir string) (string, error) {
	for _, part := range ancestors(dir) {
		info, err := os.Stat(part)
		if err != nil {
			return "", err
		}
		st, ok := info.Sys().(*syscall.Stat_t)
		if !ok {
			return "", fmt.Errorf("%s: no owner known", part)
		}
		bit := fs.FileMode(0o001)
		switch {
		case st.Uid == id.uid:
			bit = 0o100
		case st.Gid == id.gid || slices.Contains(id.groups, st.Gid):
			bit = 0o010
		}
		if info.Mode()&bit == 0 {
			return part, nil
		}
	}
	return "", nil
}

// ancestors lists a path from the root to itself.
func ancestors(dir string) []string {
	var parts []string
	for {
		parts = append(parts, dir)
		parent := filepath.Dir(dir)
		if parent == dir {
			slices.Reverse(parts)
			return parts
		}
		dir = parent
	}
}
