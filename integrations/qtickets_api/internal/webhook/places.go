package webhook

import (
	"container/list"
	"sync"
)

// places bound how many bodies are in memory at a time. Whoever comes when all are taken gets the place of the one who
// has been sending for longest: an order arrives in an instant, so who is slow is not QTickets, and cannot keep it out
// either.
type places struct {
	most  int
	slots chan struct{} // a body is read under one of them alone
	mu    sync.Mutex
	taken *list.List // of *place, the oldest first
}

// place of one body. Its reader holds it until leave.
type place struct {
	cut  func() // ends the reading of the body
	lost bool
	at   *list.Element
}

func newPlaces(most int) *places {
	return &places{most: most, slots: make(chan struct{}, most), taken: list.New()}
}

// enter takes a place. cut is called at most once, when another takes it over; it must make the reading end soon.
func (p *places) enter(cut func()) *place {
	mine := p.register(cut)
	p.slots <- struct{}{} // whoever was cut is about to leave
	return mine
}

func (p *places) register(cut func()) *place {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken.Len() >= p.most {
		oldest := p.taken.Remove(p.taken.Front()).(*place)
		oldest.lost = true
		oldest.cut()
	}
	mine := &place{cut: cut}
	mine.at = p.taken.PushBack(mine)
	return mine
}

// leave gives the place back, and tells whether it was taken over before.
func (p *places) leave(mine *place) (lost bool) {
	<-p.slots
	p.mu.Lock()
	defer p.mu.Unlock()
	if !mine.lost {
		p.taken.Remove(mine.at)
	}
	return mine.lost
}
