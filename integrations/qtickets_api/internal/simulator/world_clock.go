package simulator

import (
	"container/heap"
	"time"
)

// job is something that happens by itself later: an expiry, a payment, a scan.
type job struct {
	at  int64
	seq int
	run func()
}

type jobQueue []job

func (q jobQueue) Len() int { return len(q) }
func (q jobQueue) Less(i, j int) bool {
	if q[i].at != q[j].at {
		return q[i].at < q[j].at
	}
	return q[i].seq < q[j].seq
}
func (q jobQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *jobQueue) Push(x any)   { *q = append(*q, x.(job)) }
func (q *jobQueue) Pop() any {
	old := *q
	last := old[len(old)-1]
	old[len(old)-1] = job{}
	*q = old[:len(old)-1]
	return last
}

// Now is the world's clock, to the second, in UTC. It stands still between calls of Advance and Live.
func (w *World) Now() time.Time {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return time.Unix(w.now, 0).UTC()
}

// Advance moves the clock on and runs everything that falls due on the way, in order of time: the
// expiry job, payments, scans, refunds, silent updates. A negative duration does nothing.
func (w *World) Advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.advanceTo(w.now + int64(d/time.Second))
}

func (w *World) advanceTo(target int64) {
	for len(w.jobs) > 0 && w.jobs[0].at <= target {
		next := heap.Pop(&w.jobs).(job)
		w.now = max(w.now, next.at)
		next.run()
	}
	w.now = max(w.now, target)
}

// at schedules run; a moment already past is run by the next Advance.
func (w *World) at(moment int64, run func()) {
	w.jobSeq++
	heap.Push(&w.jobs, job{at: moment, seq: w.jobSeq, run: run})
}
