package pipeline

import "time"

// progressEvery is the rhythm of log lines about a long reading.
const progressEvery = 30 * time.Second

// progress tells how far a feed is: the caller's bar each time, the log now and then with an estimate.
func (r *run) progress(feed string, done, total int64) {
	r.Progress(feed, done, total)
	now := time.Now()
	p := &r.pace
	if p.feed != feed {
		*p = pace{feed: feed, began: now, logged: now, from: done}
	}
	if now.Sub(p.logged) < progressEvery {
		return
	}
	p.logged = now
	r.Logger.Info("Reading",
		"feed", feed, "done", done, "total", total, "left", p.left(now, done, total).Round(time.Second).String())
}

// pace is how fast a feed is read.
type pace struct {
	feed          string
	began, logged time.Time
	from          int64 // rows when it began
}

// left estimates the time to the end at the pace so far.
func (p pace) left(now time.Time, done, total int64) time.Duration {
	if done <= p.from {
		return 0
	}
	return time.Duration(float64(now.Sub(p.began)) / float64(done-p.from) * float64(max(total-done, 0)))
}
