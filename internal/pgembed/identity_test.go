package pgembed

import (
	"errors"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
)

func known(names ...string) func(string) (*user.User, error) {
	return func(name string) (*user.User, error) {
		for i, n := range names {
			if n == name {
				me, err := user.Current()
				if err != nil {
					return nil, err
				}
				return &user.User{Username: name, Uid: string(rune('1' + i)), Gid: me.Gid}, nil
			}
		}
		return nil, user.UnknownUserError(name)
	}
}

func TestOrdinaryUserRunsItsOwnServer(t *testing.T) {
	id, err := chooseIdentity(4711, "/nonexistent", known())
	if err != nil || id.uid != 4711 || id.credential() != nil {
		t.Errorf("chooseIdentity = %+v, %v; want 4711 with no change of credentials", id, err)
	}
}

func TestRootDropsToPostgresElseNobody(t *testing.T) {
	for _, c := range []struct {
		users []string
		want  string
	}{
		{[]string{"nobody", "postgres"}, "postgres"},
		{[]string{"nobody"}, "nobody"},
	} {
		id, err := chooseIdentity(0, "/nonexistent", known(c.users...))
		if err != nil || id.name != c.want {
			t.Errorf("with users %v: %+v, %v; want %s", c.users, id, err, c.want)
			continue
		}
		if cred := id.credential(); cred == nil || cred.Uid == 0 || cred.Uid != id.uid || cred.Gid != id.gid {
			t.Errorf("credential = %+v, want user %d and group %d", cred, id.uid, id.gid)
		}
	}
	if _, err := chooseIdentity(0, "/nonexistent", known()); err == nil || !strings.Contains(err.Error(), "create one") {
		t.Errorf("with no user to drop to: %v, want words that say what to do", err)
	}
}

// A stranger passes only where everyone may.
func TestBlockedAtNamesTheFolder(t *testing.T) {
	base, err := os.MkdirTemp("", "pgembed") // not t.TempDir: its parent may be closed
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(base) })
	closed := filepath.Join(base, "closed")
	inner := filepath.Join(closed, "inner")
	if err := os.MkdirAll(inner, 0o755); err != nil {
		t.Fatal(err)
	}
	chmod := func(dir string, mode os.FileMode) {
		t.Helper()
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
	}
	chmod(base, 0o755)
	stranger := identity{name: "stranger", uid: 4000000001, gid: 4000000001, drop: true}
	if at, err := stranger.blockedAt(inner); err != nil || at != "" {
		t.Errorf("open folders: blocked at %q, %v", at, err)
	}
	chmod(closed, 0o700)
	if at, err := stranger.blockedAt(inner); err != nil || at != closed {
		t.Errorf("blocked at %q, %v; want %q", at, err, closed)
	}
	owner := identity{uid: uint32(os.Geteuid())}
	if at, err := owner.blockedAt(inner); err != nil || at != "" {
		t.Errorf("the owner is blocked at %q, %v", at, err)
	}
	err = folder{root: inner}.admit(stranger)
	if err == nil || !strings.Contains(err.Error(), closed) || !strings.Contains(err.Error(), "PORUCH_DATA") {
		t.Errorf("admit = %v, want the folder's name and what to set", err)
	}
}

// A fresh private folder is opened for passing; one with other things in it is not.
func TestAdmitOpensOnlyOurFolder(t *testing.T) {
	base, err := os.MkdirTemp("", "pgembed") // mode 0700
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(base) })
	stranger := identity{name: "stranger", uid: 4000000001, gid: 4000000001, drop: true}
	if err := os.WriteFile(filepath.Join(base, "diary"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (folder{root: base}).admit(stranger); err == nil {
		t.Error("a folder with other files was opened")
	}
	if err := os.Remove(filepath.Join(base, "diary")); err != nil {
		t.Fatal(err)
	}
	if err := (folder{root: base}).admit(stranger); err != nil {
		t.Errorf("admit = %v", err)
	}
	info, err := os.Stat(base)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o711 {
		t.Errorf("mode is %o, want 711: passable, not readable", info.Mode().Perm())
	}
}

func TestSocketFolderOfAnotherIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "taken")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := claimSocketDir(file, identity{uid: uint32(os.Geteuid())}); err == nil {
		t.Error("a file was taken for the socket's folder")
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(t.TempDir(), link); err != nil {
		t.Fatal(err)
	}
	if err := claimSocketDir(link, identity{uid: uint32(os.Geteuid())}); err == nil {
		t.Error("a link was followed to the socket's folder")
	}
}

func TestDefaultFolder(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{"XDG_DATA_HOME": "/xdg", "HOME": "/home/o"}, "/xdg/poruch"},
		{map[string]string{"XDG_DATA_HOME": "relative", "HOME": "/home/o"}, "/home/o/.local/share/poruch"},
	} {
		if got := userDir(func(key string) string { return c.env[key] }, "/tmp"); got != c.want {
			t.Errorf("with %v: %s, want %s", c.env, got, c.want)
		}
	}
	if got := userDir(func(string) string { return "" }, "/tmp"); !strings.HasPrefix(got, "/tmp/poruch-") {
		t.Errorf("without a home: %s", got)
	}
}

func TestNoFolder(t *testing.T) {
	if _, err := Start(t.Context(), Config{}); err == nil || errors.Is(err, ErrInUse) {
		t.Errorf("Start = %v, want an error that asks for a folder", err)
	}
}
