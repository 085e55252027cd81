package crash_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestDiskFull: a run that meets a full disk, at its start or half way, says so and what to do, readers keep
// what they had, and the next run after space was freed repairs. The disk is a small file system of the
// engine's own where mounting is permitted, and always the limit of free space that ClickHouse itself
// keeps, which needs no rights.
func TestDiskFull(t *testing.T) {
	testkit.Long(t)
	t.Parallel()
	t.Run("limit of ClickHouse", func(t *testing.T) {
		t.Parallel()
		c := testkit.Database(t)
		l := newLab(t, 61, few, c)
		admin := testkit.Raw(t, testkit.As(t, c, embedded.Admin))
		fillAndFree(l, func() { l.keepFree(admin, 1<<60) }, func() { l.keepFree(admin, 0) })
	})
	t.Run("file system", func(t *testing.T) {
		t.Parallel()
		dir, mounted := mount(t, "size=48m")
		if !mounted {
			return
		}
		e := startEngine(t, dir)
		fillAndFree(newLab(t, 62, few, e.As(embedded.Loader)), func() { fill(t, dir) },
			func() { _ = os.Remove(ballast(dir)) })
	})
}

// fillAndFree lets the disk be full at several steps, and free again.
func fillAndFree(l *lab, fill, free func()) {
	l.Helper()
	l.repair()
	for _, at := range []boundary{
		{before, "INSERT INTO state_job_runs (open)"},
		{after, "GET orders"},
		{before, "INSERT INTO store_sales_utm_daily"},
		{before, "INSERT INTO publish"},
	} {
		l.live()
		old := testkit.Published(l, l.db)
		l.guard.arm(at, func() bool { fill(); return false })
		code, said := l.runUntilItEnds(l.guard.db, l.guard.api)
		if run := l.guard.story(); !run.reached {
			l.Errorf("the run did not come to %s %q", at.moment, at.step)
		}
		if code != failed || !strings.Contains(said, warehouse.ErrDisk.Error()) ||
			!strings.Contains(said, "free space where ClickHouse") {
			l.Errorf("exit code %d, want 1 and what to do about a full disk\n%s", code, said)
		}
		l.checkComplete(old, story{})
		free()
		l.repair()
		l.check()
		if l.Failed() {
			l.Fatalf("above: disk full %s %q", at.moment, at.step)
		}
	}
}

// keepFree makes ClickHouse refuse what would leave less than so many bytes of its disk free.
func (l *lab) keepFree(admin clickhouse.Conn, bytes int) {
	for _, table := range l.tables() {
		if err := admin.Exec(l.Context(), "ALTER TABLE "+table+" MODIFY SETTING min_free_disk_bytes_to_perform_insert = ?",
			bytes); err != nil {
			l.Error(err) // not Fatal: called while the loader waits for an answer
		}
	}
}

// TestDiskReadOnly: the same for a disk that was remounted read-only, as Linux does after an error of it.
func TestDiskReadOnly(t *testing.T) {
	testkit.Long(t)
	t.Parallel()
	dir, mounted := mount(t, "")
	if !mounted {
		return
	}
	e := startEngine(t, dir)
	l := newLab(t, 63, few, e.As(embedded.Loader))
	l.repair()
	l.live()
	old := testkit.Published(l, l.db)
	tables := filepath.Join(dir, "server", "data", "store")
	for _, flags := range []uintptr{syscall.MS_BIND, syscall.MS_BIND | syscall.MS_REMOUNT | syscall.MS_RDONLY} {
		if err := syscall.Mount(tables, tables, "", flags, ""); err != nil {
			t.Fatal(err)
		}
	}
	code, said := l.runUntilItEnds(l.db, l.server.URL())
	if err := syscall.Unmount(tables, 0); err != nil {
		t.Fatal(err)
	}
	if code != failed || !strings.Contains(said, warehouse.ErrDisk.Error()) ||
		!strings.Contains(said, "make the data folder of ClickHouse") {
		t.Errorf("exit code %d, want 1 and what to do about a read-only disk\n%s", code, said)
	}
	l.checkComplete(old, story{})
	l.repair()
	l.check()
}

// mount makes a file system of its own in memory; false where that is not permitted (a container without
// SYS_ADMIN, a user who is not root).
func mount(t testing.TB, options string) (dir string, mounted bool) {
	t.Helper()
	dir = t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Logf("not tested on a file system of its own: mounting one: %v", err)
		return "", false
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir, true
}

func ballast(dir string) string { return filepath.Join(dir, "ballast") }

// fill takes all space there is.
func fill(t testing.TB, dir string) {
	file, err := os.Create(ballast(dir))
	if err != nil {
		t.Error(err)
		return
	}
	defer file.Close()
	block := make([]byte, 1<<20)
	for err == nil {
		_, err = file.Write(block)
	}
}
