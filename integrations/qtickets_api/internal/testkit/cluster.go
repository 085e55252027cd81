package testkit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/chserver"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Cluster is three replicas of ClickHouse with ZooKeeper between them.
type Cluster struct {
	ports    []int // of HTTP, by replica
	balancer int   // a port that leads every request to another replica
	lab      *lab  // nil: the replicas are somebody else's
	used     int
}

// lab is the processes of a cluster that the tests started.
type lab struct {
	folder, dir string // of its scripts; of its data
	environ     []string
	pids        map[string]int
	base        int
	stdin       io.Closer // what it lives by
	done        chan struct{}
	more        []*exec.Cmd // replicas that were started again
}

var cluster struct {
	once sync.Once
	*Cluster
	err error
}

// labFolder holds the scripts of the cluster, beside some checkouts; it is no part of the repository.
const labFolder = "../../../../../shared/cluster-lab"

// errNoCluster is why tests with replicas are left out.
const errNoCluster = "no replicas to test with: QTICKETS_CLUSTER names none, and ../shared/cluster-lab is not beside " +
	"the checkout, or lacks Python 3, ZooKeeper or Java"

// Replicas are three replicas that the tests of this program share, started at first use. QTICKETS_CLUSTER names
// others (host:port of HTTP, with commas between; users as in the lab), or says "required": then a test without
// replicas fails. Else it is left out.
func Replicas(t testing.TB) *Cluster {
	t.Helper()
	wish := os.Getenv("QTICKETS_CLUSTER")
	cluster.once.Do(func() {
		if wish != "" && wish != "required" {
			cluster.Cluster, cluster.err = foreignCluster(wish)
			return
		}
		if missing := lacking(); missing == "" {
			cluster.Cluster, cluster.err = startCluster()
		} else if wish == "required" {
			cluster.err = fmt.Errorf("QTICKETS_CLUSTER=required: %s is missing", missing)
		}
	})
	switch {
	case cluster.err != nil:
		t.Fatal(cluster.err)
	case cluster.Cluster == nil:
		t.Skip(errNoCluster)
	}
	return cluster.Cluster
}

// lacking is what a cluster of our own needs and this machine has not.
func lacking() string {
	for _, path := range []string{filepath.Join(labFolder, "up.py"), "/usr/share/java/zookeeper.jar"} {
		if _, err := os.Stat(path); err != nil {
			return path
		}
	}
	for _, program := range []string{"python3", "java"} {
		if _, err := exec.LookPath(program); err != nil {
			return program
		}
	}
	return ""
}

func foreignCluster(list string) (*Cluster, error) {
	c := &Cluster{}
	for address := range strings.SplitSeq(list, ",") {
		host, port, err := net.SplitHostPort(address)
		n, errPort := strconv.Atoi(port)
		if err != nil || errPort != nil || host != "127.0.0.1" {
			return nil, fmt.Errorf("QTICKETS_CLUSTER: %q is not 127.0.0.1:port", address)
		}
		c.ports = append(c.ports, n)
	}
	return c, nil
}

func startCluster() (*Cluster, error) {
	library, err := chserver.FindLibrary(os.Getenv("CHDB_LIB"))
	if err != nil {
		return nil, err
	}
	folder, err := filepath.Abs(labFolder)
	if err != nil {
		return nil, err
	}
	dir, err := makeTempDir()
	if err != nil {
		return nil, err
	}
	c, err := startIn(dir, folder, library)
	if err != nil {
		_ = os.RemoveAll(dir)
	}
	return c, err
}

func startIn(dir, folder, library string) (*Cluster, error) {
	users := filepath.Join(dir, "users.xml")
	if err := os.WriteFile(users, clusterUsers(), 0o600); err != nil {
		return nil, err
	}
	l := &lab{folder: folder, dir: dir, base: freeBase(), done: make(chan struct{})}
	l.environ = append(os.Environ(), "CHDB_LIB="+library, "CH_BASE="+strconv.Itoa(l.base), "CH_USERS="+users)
	up := exec.CommandContext(context.Background(), "python3", filepath.Join(folder, "up.py"), filepath.Join(dir, "lab"),
		"3")
	up.Env, up.Stderr = l.environ, os.Stderr
	stdin, err := up.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := up.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := up.Start(); err != nil {
		return nil, err
	}
	l.stdin = stdin
	var said struct {
		HTTP     []int
		Balancer int
		Pids     map[string]int
	}
	if err := json.NewDecoder(stdout).Decode(&said); err != nil {
		return nil, fmt.Errorf("the cluster does not start: %w", err)
	}
	go func() { _ = up.Wait(); close(l.done) }()
	l.pids = said.Pids
	return &Cluster{ports: said.HTTP, balancer: said.Balancer, lab: l}, nil
}

// freeBase is where a hundred ports begin of which the cluster takes some.
func freeBase() int {
	for {
		base := 21000 + 100*rand.N(90)
		free := true
		for _, n := range []int{11, 12, 13, 21, 22, 23, 31, 32, 33, 91, 98} {
			listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(base+n)))
			if err != nil {
				free = false
				break
			}
			_ = listener.Close()
		}
		if free {
			return base
		}
	}
}

// passwords of the lab.
var passwords = map[string]string{embedded.Admin: "lab-admin", embedded.Loader: "lab-etl",
	embedded.Reader: "lab-reader"}

// clusterUsers are the users of the project with the rights of grants.sql.
func clusterUsers() []byte {
	var text bytes.Buffer
	text.WriteString("<clickhouse><profiles><default/></profiles><quotas><default/></quotas><users>" +
		"<default><password/><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>" +
		"<access_management>1</access_management></default>")
	for _, user := range embedded.Users {
		fmt.Fprintf(&text, "<%s><password>%s</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile>"+
			"<quota>default</quota><grants>", user, passwords[user])
		for n := range mostClusterDatabases {
			grants, err := warehouse.Grants(clusterDatabase(n))
			if err != nil { // embedded, and tested
				panic(err)
			}
			for _, g := range grants {
				if g.User == user {
					fmt.Fprintf(&text, "<query>GRANT %s</query>", g.Rights)
				}
			}
		}
		fmt.Fprintf(&text, "</grants></%s>", user)
	}
	text.WriteString("</users></clickhouse>")
	return text.Bytes()
}

const mostClusterDatabases = 20

func clusterDatabase(n int) string { return fmt.Sprintf("%s_r%d", warehouse.DefaultDatabase, n) }

// Database is the loader's connections to a migrated database of its own, by replica. It goes with the test.
func (c *Cluster) Database(t testing.TB) []warehouse.Config {
	t.Helper()
	name := warehouse.DefaultDatabase // where the users of a foreign cluster have their rights
	if c.lab != nil {
		if c.used >= mostClusterDatabases {
			t.Fatal("raise testkit.mostClusterDatabases")
		}
		name = clusterDatabase(c.used)
		c.used++
	}
	hosts := c.As(embedded.Loader, name)
	if err := c.Migrate(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for n := range hosts {
			c.Exec(t, n, "DROP DATABASE IF EXISTS "+name+" SYNC")
		}
	})
	return hosts
}

// Migrate makes the tables of a database on all replicas, or brings them up to date.
func (c *Cluster) Migrate(ctx context.Context, database string) error {
	return warehouse.Layout{Database: database, Replicated: true}.Migrate(ctx, c.As(embedded.Admin, database))
}

// As are the connections of a user to a database, by replica.
func (c *Cluster) As(user, database string) []warehouse.Config {
	var hosts []warehouse.Config
	for _, port := range c.ports {
		hosts = append(hosts, warehouse.Config{Host: "127.0.0.1", Port: port, User: user, Password: passwords[user],
			Database: database, OneOfSeveral: true})
	}
	return hosts
}

// Exec runs statements on a replica as a user with all rights.
func (c *Cluster) Exec(t testing.TB, replica int, statements ...string) {
	t.Helper()
	conn := rawConn(t, warehouse.Config{Host: "127.0.0.1", Port: c.ports[replica], User: "default", Database: "default"})
	defer func() { _ = conn.Close() }()
	for _, s := range statements {
		if err := conn.Exec(context.Background(), s); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
}

// Own leaves a test out that would kill replicas of somebody else.
func (c *Cluster) Own(t testing.TB) {
	t.Helper()
	if c.lab == nil {
		t.Skip("the replicas of QTICKETS_CLUSTER are not the test's own, and it would kill some")
	}
}

// Balancer leads every request to another replica.
func (c *Cluster) Balancer(t testing.TB, as warehouse.Config) warehouse.Config {
	t.Helper()
	c.Own(t)
	as.Port, as.OneOfSeveral = c.balancer, false
	return as
}

// Signal sends a signal to "keeper" or to a process such as "replica1", of an own cluster.
func (c *Cluster) Signal(t testing.TB, process string, signal syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(c.lab.pids[process], signal); err != nil {
		t.Fatal(process, err)
	}
}

// Restart starts a replica of an own cluster that was killed, and waits until it answers.
func (c *Cluster) Restart(t testing.TB, replica int) {
	t.Helper()
	l, name := c.lab, strconv.Itoa(replica+1)
	node := exec.CommandContext(context.Background(), "python3", filepath.Join(l.folder, "node.py"), name,
		filepath.Join(l.dir, "lab", "n"+name), strconv.Itoa(l.base+98), strconv.Itoa(len(c.ports)))
	node.Env = l.environ
	node.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // it would die with the thread that started it
		started <- node.Start()
		_ = node.Wait()
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	l.more = append(l.more, node)
	l.pids["replica"+name] = node.Process.Pid
	for {
		db, err := warehouse.Open(t.Context(), warehouse.Config{Host: "127.0.0.1", Port: c.ports[replica], User: "default"})
		if err == nil {
			_ = db.Close()
			return
		}
		select {
		case <-t.Context().Done():
			t.Fatal(err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// stopCluster ends what was started.
func stopCluster() {
	if cluster.Cluster == nil || cluster.lab == nil {
		return
	}
	l := cluster.lab
	_ = l.stdin.Close()
	<-l.done
	for _, node := range l.more {
		_ = node.Process.Kill()
	}
	_ = os.RemoveAll(l.dir)
}
