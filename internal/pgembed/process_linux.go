package pgembed

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// attributes start a process in its own group, so that Ctrl-C in a terminal
// reaches only Poruch, which then stops the server in order. The kernel sends
// SIGINT, Postgres' fast shutdown, when the thread that started it ends.
func attributes(id identity) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT, Credential: id.credential()}
}

// syncAll writes everything of dir's file system to the disk.
func syncAll(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.Syncfs(int(f.Fd()))
}
