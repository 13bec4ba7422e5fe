//go:build !linux

package pgembed

import "syscall"

// attributes start a process in its own group. Other systems than Linux cannot
// tie its life to ours: there, a killed Poruch leaves its server running, and
// the next start refuses to join it.
func attributes(id identity) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Credential: id.credential()}
}

func syncAll(string) error {
	syscall.Sync()
	return nil
}
