package crash_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// cluster is a lab whose loader has three replicas in its list, the guard before the first.
type cluster struct {
	*lab
	*testkit.Cluster
	hosts []warehouse.Config // as the loader, past the guard
	list  warehouse.Config   // all of them, as the loader names them
}

func newCluster(t *testing.T, seed int64) *cluster {
	t.Helper()
	replicas := testkit.Replicas(t)
	replicas.Own(t)
	hosts := replicas.Database(t)
	c := &cluster{lab: newLab(t, seed, few, hosts[0]), Cluster: replicas, hosts: hosts}
	c.list = c.guard.db
	c.list.Host = fmt.Sprintf("127.0.0.1:%d,127.0.0.1:%d,127.0.0.1:%d", c.guard.db.Port, hosts[1].Port, hosts[2].Port)
	return c
}

// loadAll is a run through the list that must find everything as it is, on all replicas.
func (c *cluster) loadAll() {
	c.Helper()
	c.server.ClearFaults(simulator.BadPrice)
	c.guard.reset()
	c.load().must(ok)
	for n := range c.hosts {
		c.level(n)
		testkit.CheckFacts(c, c.hosts[n], c.world)
	}
	c.check()
}

func (c *cluster) load() *loader {
	return startLoader(c.lab, c.guard.api, c.server.Token(), c.list, "sync")
}

// level waits until a replica has all that the others have.
func (c *cluster) level(n int) {
	c.Helper()
	for _, r := range testkit.Rows(c, c.hosts[n], "SELECT name FROM system.tables WHERE database = currentDatabase() "+
		"AND startsWith(engine, 'Replicated')") {
		c.Exec(c, n, fmt.Sprintf("SYSTEM SYNC REPLICA %s.%s", c.hosts[n].Database, r[0]))
	}
}

// checkOthers compares the facts on the replicas that are left, once they show the same publication. What only the one
// that is away has, such as forecasts, they may lack: SYSTEM SYNC REPLICA would wait for it.
func (c *cluster) checkOthers(away int) {
	c.Helper()
	shown := func(n int) uint64 {
		return testkit.Rows(c, c.hosts[n], "SELECT batch FROM batch_published")[0][0].(uint64)
	}
	a, b := (away+1)%3, (away+2)%3
	for shown(a) != shown(b) && c.Context().Err() == nil {
		time.Sleep(20 * time.Millisecond)
	}
	testkit.CheckFacts(c, c.hosts[a], c.world)
	testkit.CheckFacts(c, c.hosts[b], c.world)
}

// place is where which replica is killed.
type place struct {
	boundary
	replica int
}

func (p place) String() string {
	return fmt.Sprintf("replica %d, %s %q", p.replica+1, p.moment, p.step)
}

// TestReplicaIsKilledAtEveryStep kills a replica between all steps of a run and within those that carry rows: the one
// that the run is on, or one of the others. The run goes on or fails; readers of the replicas that are left see whole
// publications; the next run is right or says that rows are still on the replica that is away; when that is back
// all have the same. As many places as QTICKETS_KILLS says are played, others each time.
func TestReplicaIsKilledAtEveryStep(t *testing.T) {
	testkit.Long(t)
	c := newCluster(t, 71)
	var places []place
	for n := range c.hosts {
		for _, at := range boundaries(nextSteps) {
			places = append(places, place{at, n})
		}
	}
	times := 6
	if wish := os.Getenv("QTICKETS_KILLS"); wish != "" {
		var err error
		if times, err = strconv.Atoi(wish); err != nil {
			t.Fatal("QTICKETS_KILLS: ", err)
		}
	}
	rand.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
	c.loadAll()
	for range 2 { // three publications: from now on an old one is dropped in every run
		c.live()
		c.loadAll()
	}
	ends := map[string]int{}
	for i, at := range places[:min(times, len(places))] {
		end := c.killAt(at)
		for scene := 1; end == notReached && scene < 4; scene++ { // a batch without rows of a mart has nothing of it to drop
			end = c.killAt(at)
		}
		ends[end]++
		t.Logf("%d: %s: %s", i+1, at, end)
		if t.Failed() {
			t.Fatal("above: ", at)
		}
	}
	t.Logf("of %d places: %v", len(places), ends)
}

const notReached = "not reached"

// killAt kills a replica at a place of a run. It says how that run and the next one ended.
func (c *cluster) killAt(at place) string {
	c.Helper()
	c.live()
	c.Exec(c, 0, "ALTER TABLE "+c.hosts[0].Database+".publish UPDATE published_at = published_at - INTERVAL 31 MINUTE "+
		"WHERE 1 SETTINGS mutations_sync = 2") // nobody reads the old publications any more
	old := testkit.Published(c, c.hosts[0])
	c.guard.arm(at.boundary, func() bool {
		c.Signal(c, fmt.Sprintf("replica%d", at.replica+1), syscall.SIGKILL)
		return at.replica == 0
	})
	victim := c.load()
	code := victim.wait()
	if !c.guard.story().reached {
		slow := code == failed && strings.Contains(victim.text(), "takes connections and says nothing") // a busy machine
		if code != partial && !slow {
			c.Errorf("the run that did not come there ended with %d\n%s", code, victim.text())
		}
		c.loadAll()
		return notReached
	}
	end := "goes on"
	switch {
	case code == failed:
		end = "fails"
	case code != partial && code != ok:
		c.Errorf("the run ended with %d\n%s", code, victim.text())
	}
	own := testkit.Sold(c.world, c.unreadable)
	for n := range c.hosts {
		if n == at.replica {
			continue
		}
		seen := testkit.Published(c, c.hosts[n])
		if diff := cmp.Diff(old, seen); diff != "" && !cmp.Equal(own, seen) {
			c.Errorf("readers of replica %d see neither the publication before nor that of the run (-before +seen):\n%s", n+1,
				diff)
		}
	}
	c.server.ClearFaults(simulator.BadPrice)
	next := c.load()
	switch code := next.wait(); {
	case code == ok:
		end += ", the next is right"
		c.checkOthers(at.replica)
	case code == failed && strings.Contains(next.text(), warehouse.ErrCoordination.Error()):
		end += ", the next waits for the replica"
	default:
		c.Errorf("the next run ended with %d\n%s", code, next.text())
	}
	c.Restart(c, at.replica)
	c.loadAll()
	return end
}
