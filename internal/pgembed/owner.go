package pgembed

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// owner is the system user that the server runs as.
type owner struct {
	name string
	uid  int
	gid  int
	drop bool // we are root, and the server must not be
}

// findOwner picks postgres, else nobody, when we are root; Postgres refuses to
// run as root.
func findOwner() (owner, error) {
	if os.Geteuid() != 0 {
		return owner{name: "poruch", uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err1 == nil && err2 == nil {
			return owner{name: name, uid: uid, gid: gid, drop: true}, nil
		}
	}
	return owner{}, errors.New("Postgres does not run as root, and this system has neither a user postgres nor nobody: run Poruch as an ordinary user, or set DATABASE_URL")
}

// attributes makes a child run as the owner, in a process group of its own so
// that a terminal's Ctrl-C reaches us first, and die with us.
func (o owner) attributes() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
	if o.drop {
		attr.Credential = &syscall.Credential{Uid: uint32(o.uid), Gid: uint32(o.gid)}
	}
	return attr
}

// own makes a directory that only the owner may enter.
func (o owner) own(dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return fmt.Errorf("make %s: %w", filepath.Dir(dir), err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("make %s: %w", dir, err)
	}
	if o.drop {
		if err := os.Chown(dir, o.uid, o.gid); err != nil {
			return fmt.Errorf("give %s to %s: %w", dir, o.name, err)
		}
	}
	return nil
}

// reachable says whether the owner can enter every directory above dir.
func (o owner) reachable(dir string) error {
	if !o.drop {
		return nil
	}
	for at := filepath.Dir(dir); ; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		if err == nil && info.Mode().Perm()&0o001 == 0 {
			stat, ok := info.Sys().(*syscall.Stat_t)
			if !ok || int(stat.Uid) != o.uid {
				return fmt.Errorf("the private Postgres runs as %s, who may not enter %s: set PORUCH_DATA to a folder elsewhere, such as /var/lib/poruch", o.name, at)
			}
		}
		if at == filepath.Dir(at) {
			return nil
		}
	}
}
