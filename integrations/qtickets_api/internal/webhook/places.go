package webhook

import (
	"container/list"
	"sync"
	"time"
)

// places bound how many bodies are in memory at a time. Whoever comes when all are taken waits for one; the body that
// has been under way for longest makes room, once it has had its time. An order arrives in an instant, so who is slow
// is not QTickets and cannot keep it out, and a burst of orders only waits a little.
type places struct {
	grace time.Duration // how long a body is left alone though others wait
	slots chan struct{} // a body is read under one of them alone

	mu      sync.Mutex
	taken   *list.List // of *place that nobody has taken over, the oldest first
	waiting int
}

// place of one body. Its reader holds it until leave.
type place struct {
	since time.Time
	until func(time.Time) // sets when the reading of the body ends
	lost  bool
	at    *list.Element
	due   *time.Timer
}

func newPlaces(most int, grace time.Duration) *places {
	return &places{grace: grace, slots: make(chan struct{}, most), taken: list.New()}
}

// enter takes a place, or nil after a wait in vain. The reading may take as long as the wait: until is told its end,
// and a nearer one when another takes the place over.
func (p *places) enter(until func(time.Time), patience time.Duration) *place {
	p.mu.Lock()
	p.waiting++
	p.makeRoom()
	p.mu.Unlock()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	entered := false
	select {
	case p.slots <- struct{}{}:
		entered = true
	case <-timer.C:
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting--
	if !entered {
		return nil
	}
	mine := &place{since: time.Now(), until: until}
	until(mine.since.Add(patience))
	mine.at = p.taken.PushBack(mine)
	mine.due = time.AfterFunc(p.grace, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.makeRoom()
	})
	return mine
}

// makeRoom takes places over for those who wait, as far as their holders have had their time.
func (p *places) makeRoom() {
	for p.taken.Len() > 0 && p.waiting > cap(p.slots)-p.taken.Len() {
		oldest := p.taken.Front().Value.(*place)
		if time.Since(oldest.since) < p.grace {
			return
		}
		p.taken.Remove(oldest.at)
		oldest.lost = true
		oldest.until(time.Now())
	}
}

// leave gives the place back, and tells whether it was taken over before.
func (p *places) leave(mine *place) (lost bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	mine.due.Stop()
	if !mine.lost {
		p.taken.Remove(mine.at)
	}
	<-p.slots
	return mine.lost
}
