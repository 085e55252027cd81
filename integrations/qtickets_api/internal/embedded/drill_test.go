package embedded

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// outside is a server whose backups are sent to a storage and to another host, which is a folder of this one.
type outside struct {
	scripts
	storage *storage
	host    string // the folder of copies on the other host
	told    string // the arguments of every curl and ssh
}

func newOutside(t *testing.T) outside {
	t.Helper()
	s := newScripts(t, startProduction(t))
	o := outside{s, newStorage(t), filepath.Join(t.TempDir(), "copies"), filepath.Join(s.dir, "told")}
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Fatal(err)
	}
	for name, command := range map[string]string{"curl": `exec ` + curl + ` "$@"`,
		"ssh": `for last; do :; done; exec sh -c "$last"`} {
		write(t, filepath.Join(s.dir, name), "#!/bin/sh\necho \"$0 $*\" >>"+o.told+"\n"+command+"\n")
		if err := os.Chmod(filepath.Join(s.dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	o.settings(storageSecret)
	admin := warehouse.Config{Host: "127.0.0.1", Port: s.HTTPPort(), User: Admin, Password: passwordOf(Admin),
		Database: warehouse.DefaultDatabase}
	if err := warehouse.Migrate(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	s.mustQuery(t, Loader, "INSERT INTO zakaz.state_orders (order_id, version, created_at, updated_at, sale_ts) VALUES "+
		"(1, 1, now(), now(), NULL), (1, 2, now(), NULL, now()), (2, 1, now(), NULL, now())")
	s.mustQuery(t, Loader, "INSERT INTO zakaz.store_sales_daily (batch, sales_date, revenue) VALUES (7, today(), 12.34)")
	return o
}

// settings writes .env with a secret of the storage.
func (o outside) settings(secret string) {
	o.Helper()
	o.secrets(passwordOf("backup"))
	path := filepath.Join(o.dir, ".env")
	write(o.T, path, read(o.T, path)+"CLICKHOUSE_BACKUP_S3_URL="+o.storage.URL+storageBucket+"/of/theatre\n"+
		"CLICKHOUSE_BACKUP_S3_REGION="+storageRegion+"\nCLICKHOUSE_BACKUP_S3_KEY="+storageKey+"\n"+
		"CLICKHOUSE_BACKUP_S3_SECRET="+secret+"\nCLICKHOUSE_BACKUP_SSH=keeper@host:"+o.host+"\n")
}

// drill demands an exit code of the drill and texts in what it says, and that nothing of it is left.
func (o outside) drill(want int, texts ...string) {
	o.Helper()
	out, code := o.run("restore_drill.sh")
	if code != want {
		o.Errorf("the drill ends with %d, want %d: %s", code, want, out)
	}
	for _, text := range texts {
		if !strings.Contains(out, text) {
			o.Errorf("no %q in: %s", text, out)
		}
	}
	left := o.mustQuery(o.T, "backup", "SELECT count() FROM system.databases WHERE name = 'drill_zakaz'")
	for _, name := range o.copies() {
		if left != "0" || strings.HasPrefix(name, "drill") {
			o.Errorf("left of the drill: %s databases, the folders %v", left, o.copies())
		}
	}
}

// TestCopiesOutside: a copy is sent to a storage and to another host, and is good only where it came back as it was
// sent; old ones are deleted there; a drill finds each newest copy equal to what was copied, whatever loads write
// later; and a machine that has lost everything is brought back from the storage.
func TestCopiesOutside(t *testing.T) {
	t.Parallel()
	o := newOutside(t)
	o.storage.objects["of/theatre/zakaz_alpha-2025-01-01T00-00-00Z.tar"] = []byte("another organiser's")
	o.drill(1, "disk: there is no copy", "s3: there is no copy", "ssh: there is no copy")

	out, code := o.run("backup.sh", "KEEP=1")
	first := o.copies()[0]
	if code != 0 || !strings.Contains(out, "Sent to s3 and read back") ||
		!strings.Contains(out, "Sent to ssh and read back") {
		t.Fatalf("exit %d: %s", code, out)
	}
	o.drill(0, "disk: "+first+" is equal", "s3: "+first+" is equal", "ssh: "+first+" is equal", " 4 rows")
	o.mustQuery(t, Loader, "INSERT INTO zakaz.state_orders (order_id, version, created_at) VALUES (3, 1, now())")
	o.drill(0, "disk: "+first+" is equal")

	o.storage.cutOff = true
	out, code = o.run("backup.sh", "KEEP=1")
	if code != 1 || !strings.Contains(out, "did not get to s3") || !strings.Contains(out, "Sent to ssh") {
		t.Errorf("half of the copy is lost on its way: exit %d: %s", code, out)
	}
	o.drill(0, "s3: "+first+" is equal")
	o.storage.cutOff = false
	o.settings("AnotherSecret")
	if out, code := o.run("backup.sh", "KEEP=1"); code != 1 || !strings.Contains(out, "403") ||
		strings.Contains(out, "AnotherSecret") {
		t.Errorf("a wrong secret: exit %d: %s", code, out)
	}
	o.settings(storageSecret)
	o.must("backup.sh", "KEEP=1")
	last := o.copies()[0]
	want := "of/theatre/" + last + ".tar of/theatre/" + last + ".tar.sha256 " +
		"of/theatre/zakaz_alpha-2025-01-01T00-00-00Z.tar"
	if keys := strings.Join(o.storage.keys(), " "); keys != want {
		t.Errorf("the storage holds %s, want %s", keys, want)
	}
	if files, err := os.ReadDir(o.host); err != nil || len(files) != 2 {
		t.Errorf("the other host holds %v, %v", files, err)
	}

	const told = "SELECT kind, isNotNull(good_at), isNotNull(failed_at) FROM zakaz.meta_backups ORDER BY kind"
	if got := o.mustQuery(t, Reader, told); got != "backup\t1\t0\ndrill\t1\t0" {
		t.Errorf("recorded: %s", got)
	}
	if err := os.RemoveAll(filepath.Join(o.backups, last)); err != nil {
		t.Fatal(err)
	}
	o.mustQuery(t, Admin, "DROP DATABASE zakaz")
	if out := o.must("restore.sh latest"); !strings.Contains(out, last) || !strings.Contains(out, "3 orders") {
		t.Error(out)
	}
	if told := read(t, o.told); strings.Contains(told, "Secret") || !strings.Contains(told, "keeper@host") {
		t.Error("the arguments of curl and ssh: ", told)
	}
}

// TestDrillNoticesBrokenCopies: what was cut off, changed or lost, wherever it lies.
func TestDrillNoticesBrokenCopies(t *testing.T) {
	t.Parallel()
	o := newOutside(t)
	o.must("backup.sh")
	name := o.copies()[0]
	tar := "of/theatre/" + name + ".tar"
	good := o.storage.objects[tar]
	changed := append([]byte(nil), good...)
	changed[len(changed)/2] ^= 1
	for what, content := range map[string][]byte{"changed": changed, "cut off": good[:len(good)-512], "empty": {}} {
		o.storage.objects[tar] = content
		t.Log(what)
		o.drill(1, "disk: "+name+" is equal", "s3: "+name+" cannot be fetched", "ssh: "+name+" is equal")
	}
	o.storage.objects[tar] = good
	if err := os.Truncate(filepath.Join(o.host, name+".tar"), 1000); err != nil {
		t.Fatal(err)
	}
	o.drill(1, "s3: "+name+" is equal", "ssh: "+name+" cannot be fetched")
	if err := os.Remove(filepath.Join(o.host, name+".tar")); err != nil {
		t.Fatal(err)
	}
	o.drill(1, "ssh: "+name+" cannot be fetched")

	sums := filepath.Join(o.backups, name, ".sums")
	said := read(t, sums)
	write(t, sums, strings.Replace(said, "state_orders\t2", "state_orders\t3", 1))
	o.drill(1, "disk: "+name+" is NOT EQUAL:\nstate_orders: 2 rows, not the 3 of the copy")
	write(t, sums, "state_lost\t1\tAA\n"+said)
	o.drill(1, "disk: "+name+" cannot be restored")
	write(t, sums, said[:len(said)/2])
	o.drill(1, "disk: "+name+" does not say what its tables held")
	write(t, sums, said)
	data := ""
	_ = filepath.Walk(filepath.Join(o.backups, name, "data/zakaz/state_orders"), func(path string, f os.FileInfo,
		err error) error {
		if err == nil && strings.HasSuffix(path, "data.bin") {
			data = path
		}
		return err
	})
	if err := os.Truncate(data, 3); err != nil {
		t.Fatal(err)
	}
	o.drill(1, "disk: "+name+" cannot be restored", "s3: "+name+" is equal")
	if err := os.RemoveAll(filepath.Join(o.backups, name)); err != nil {
		t.Fatal(err)
	}
	o.drill(1, "disk: there is no copy")
}
