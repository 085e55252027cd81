package embedded

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	llsyscall "github.com/landlock-lsm/go-landlock/landlock/syscall"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestFault3_4_PasswordsOfTheOthers: what lies beside the data of the embedded engine, passwords and env files, no user
// of it reads through it, and nobody is warned where that holds.
func TestFault3_4_PasswordsOfTheOthers(t *testing.T) {
	if abi, err := llsyscall.LandlockGetABIVersion(); err != nil || abi < 2 {
		t.Skipf("the kernel cannot confine a process (Landlock %d, %v)", abi, err)
	}
	t.Setenv("QTICKETS_TOKEN", "canary-token")
	dir := t.TempDir()
	e, err := StartMigrated(t.Context(), Options{Library: os.Getenv("CHDB_LIB"), Dir: dir, HTTPOnly: true,
		Databases: []string{warehouse.DefaultDatabase}, Warn: func(text string) { t.Error("warned: ", text) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	var secrets []string
	for _, user := range Users {
		secrets = append(secrets, e.passwords[user])
	}
	secrets = append(secrets, "canary-token", "root:")
	paths := []string{"/etc/passwd", "/etc/shadow", "/proc/self/environ", fmt.Sprintf("/proc/%d/environ", os.Getpid()),
		fmt.Sprintf("/proc/%d/environ", e.Pid()), "/proc/1/environ", os.Args[0]}
	for _, user := range Users {
		paths = append(paths, EnvFile(dir, user), PasswordFile(dir, user),
			filepath.Join("..", filepath.Base(PasswordFile(dir, user))))
	}
	for _, user := range Users {
		for _, path := range paths {
			for _, sql := range []string{"SELECT file('%s')", "SELECT * FROM file('%s', RawBLOB)"} {
				text, _ := server{Server: e.Server}.query(t, user, e.passwords[user], fmt.Sprintf(sql, path), nil)
				for _, secret := range secrets {
					if strings.Contains(text, secret) {
						t.Errorf("%s reads %s", user, path)
					}
				}
			}
		}
	}
}
