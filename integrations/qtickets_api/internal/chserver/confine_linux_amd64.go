package chserver

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/landlock-lsm/go-landlock/landlock"
	llsyscall "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// confinement is everything about files that a kernel can take away from a process (Landlock). A kernel before Linux
// 5.19 cannot keep the engine in its folder and let it work there: there nothing is taken away.
var confinement = landlock.Config{HandledAccessFS: landlock.V5.HandledAccessFS}.BestEffort()

// engineFiles are all the engine may see of the machine: its own folder, the library, and what every program needs. The
// function file() of its SQL wants no right, so what stands here each of its users can read. /proc of processes must
// not: their environment holds secrets. Pipes the engine was given stay open to it without a rule.
func engineFiles(library, dir string) []landlock.Rule {
	libraries := []string{"/lib64", "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/usr/lib64"}
	libraries = append(libraries, filepath.SplitList(os.Getenv("LD_LIBRARY_PATH"))...)
	return []landlock.Rule{
		landlock.RWDirs(dir).WithRefer(),
		landlock.ROFiles(library),
		landlock.RODirs(libraries...).IgnoreIfMissing(),
		landlock.RODirs("/usr/share/zoneinfo", "/sys/devices/system/cpu", "/sys/devices/system/node",
			"/sys/fs/cgroup").IgnoreIfMissing(),
		landlock.ROFiles("/etc/ld.so.cache", "/etc/localtime", "/dev/urandom", "/dev/random", "/proc/meminfo",
			"/proc/cpuinfo", "/proc/stat", "/proc/loadavg", "/proc/uptime").IgnoreIfMissing(),
		landlock.RWFiles("/dev/null").IgnoreIfMissing(),
	}
}

// ownFiles are what the engine reads of its own process: where its stack lies, how much memory it has and may have,
// what its threads cost (without the last it complains with every statement). The rules are about the files themselves
// and not about names, so they are made in the process they are of.
var ownFiles = []string{"/proc/self/maps", "/proc/self/statm", "/proc/self/stat", "/proc/self/status",
	"/proc/self/cgroup", "/proc/self/task"}

// confinedName is what this program is called when it was started to become the engine.
const confinedName = "clickhouse-confined"

// launcherFD is the launcher's descriptor there, after those of Server.run.
const launcherFD = 5

// init is where a process that is to become the engine leaves the program it was started as.
func init() {
	if os.Args[0] != confinedName {
		return
	}
	fmt.Fprintln(os.Stderr, "confine ClickHouse to its folder:", becomeEngine(os.Args[1], os.Args[2], os.Args[3:]))
	os.Exit(1)
}

// confine makes cmd, which starts the launcher, give up all files but the engine's before. It reports false where the
// kernel cannot do that; the engine sees then what the user of this process may see.
func confine(cmd *exec.Cmd, o Options, launcher *os.File, dir string) (confined bool, err error) {
	ruleset, _, err := confinement.NewRulesetFD(landlock.RWDirs(dir).WithRefer())
	if err != nil {
		return false, fmt.Errorf("confine ClickHouse to its folder: %w", err)
	}
	if ruleset < 0 || o.unconfined {
		return false, nil
	}
	if err := unix.Close(ruleset); err != nil {
		return false, fmt.Errorf("confine ClickHouse to its folder: %w", err)
	}
	library, err := filepath.Abs(o.Library)
	if err != nil {
		return false, fmt.Errorf("find ClickHouse library: %w", err)
	}
	cmd.Path = "/proc/self/exe"
	cmd.Args = append([]string{confinedName, library, dir}, cmd.Args...)
	cmd.ExtraFiles = append(cmd.ExtraFiles, launcher)
	return true, nil
}

// becomeEngine goes on as the engine in this process, which has given up its files. It returns only when that failed.
func becomeEngine(library, dir string, args []string) error {
	runtime.LockOSThread() // files are given up by a thread: the one that goes on
	rules := engineFiles(library, dir)
	for _, path := range ownFiles {
		// Kept open: without that the kernel may forget the file and make another one of the same name.
		if _, err := unix.Open(path, unix.O_PATH, 0); err != nil {
			return fmt.Errorf("open %s: %w", path, err)
		}
		rules = append(rules, landlock.ROFiles(path))
	}
	ruleset, flags, err := confinement.NewRulesetFD(rules...)
	if err == nil && ruleset < 0 {
		err = errors.New("the kernel cannot")
	}
	if err == nil {
		err = unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	}
	if err == nil {
		err = llsyscall.LandlockRestrictSelf(ruleset, flags)
	}
	if err != nil {
		return err
	}
	unix.CloseOnExec(launcherFD)
	return syscall.Exec(fmt.Sprintf("/proc/self/fd/%d", launcherFD), args, os.Environ())
}
