package simulator

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the API signs with HMAC-SHA1 (section 14)
	"encoding/hex"
	"net/http"
	"slices"
	"sync"
	"time"
)

// webhookAttempts are made before a delivery is lost; attempt n waits n³ seconds (section 14).
const webhookAttempts = 10

// WebhookOptions say where the events of orders are sent and what goes wrong on the way. "Every" counts
// deliveries: 3 means the third, the sixth and so on; 0 means never.
type WebhookOptions struct {
	URL    string
	Secret string       // "" sends no X-Signature
	Client *http.Client // nil means a client with a timeout of 10 s that follows no redirect
	// DuplicateEvery sends a delivery twice, LoseEvery never sends it, UnknownEvery names its type
	// "archived", ForgeEvery signs it with another secret.
	DuplicateEvery, LoseEvery, UnknownEvery, ForgeEvery int
	// Reversed sends what is due at the same moment latest first.
	Reversed bool
	// Trimmed leaves out the basket fields that the documented sample lacks.
	Trimmed bool
}

// WebhookReport counts the outcomes of deliveries so far.
type WebhookReport struct {
	Attempts  int // requests made
	Delivered int // answered with 200, the only success
	Lost      int // given up after the last attempt, or never sent (LoseEvery)
	Pending   int
}

// Webhooks turns the events of a world's orders into signed requests. Time is the world's: an attempt falls
// due when the world's clock reaches it and is made by the next Deliver.
type Webhooks struct {
	world   *World
	options WebhookOptions

	mu     sync.Mutex
	queue  []delivery
	count  int
	report WebhookReport
}

type delivery struct {
	due     int64
	seq     int
	kind    string
	body    []byte
	secret  string
	attempt int // of the next request, from 1
}

// NewWebhooks starts to collect the events of the world's orders. A world reports to one Webhooks, the last made.
func NewWebhooks(w *World, o WebhookOptions) *Webhooks {
	if o.Client == nil {
		o.Client = &http.Client{
			Timeout:       10 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	h := &Webhooks{world: w, options: o}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.listener = h.collect
	return h
}

// collect is called under the world's lock: the body is the order as it is now, and stays so.
func (h *Webhooks) collect(e orderEvent) {
	body := webhookBody(e, h.options.Trimmed)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.count++
	if every(h.options.LoseEvery, h.count) {
		h.report.Lost++
		return
	}
	d := delivery{due: h.world.now + 1, kind: e.kind, body: body, secret: h.options.Secret, attempt: 1}
	if every(h.options.UnknownEvery, h.count) {
		d.kind = "archived"
	}
	if every(h.options.ForgeEvery, h.count) {
		d.secret = "not-" + d.secret
	}
	copies := 1
	if every(h.options.DuplicateEvery, h.count) {
		copies = 2
	}
	for range copies {
		d.seq++
		h.queue = append(h.queue, d)
	}
}

func every(n, count int) bool { return n > 0 && count%n == 0 }

// Deliver makes every attempt that is due by the world's clock, one after another, and returns the
// counts so far. It must not be called from a receiver's handler.
func (h *Webhooks) Deliver(ctx context.Context) WebhookReport {
	for _, d := range h.takeDue() {
		ok := ctx.Err() == nil && h.send(ctx, d)
		h.record(d, ok)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	report := h.report
	report.Pending = len(h.queue)
	return report
}

// Run delivers until the context ends, for a world that lives in real time.
func (h *Webhooks) Run(ctx context.Context) {
	ticker := time.NewTicker(200 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			h.Deliver(ctx)
		}
	}
}

func (h *Webhooks) takeDue() []delivery {
	now := h.world.Now().Unix()
	h.mu.Lock()
	defer h.mu.Unlock()
	var due, later []delivery
	for _, d := range h.queue {
		if d.due <= now {
			due = append(due, d)
		} else {
			later = append(later, d)
		}
	}
	h.queue = later
	slices.SortStableFunc(due, func(a, b delivery) int { return int(a.due - b.due) })
	if h.options.Reversed {
		slices.Reverse(due)
	}
	return due
}

func (h *Webhooks) send(ctx context.Context, d delivery) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.options.URL, bytes.NewReader(d.body))
	if err != nil {
		return false
	}
	r.Header.Set("Content-Type", kindJSON)
	r.Header.Set("User-Agent", "Qtickets-Webhooks/2.0")
	r.Header.Set("X-Event-Type", d.kind)
	r.Header.Set("X-Model-Name", "Order")
	if d.secret != "" {
		r.Header.Set("X-Signature", Sign(d.secret, d.body))
	}
	h.mu.Lock()
	h.report.Attempts++
	h.mu.Unlock()
	response, err := h.options.Client.Do(r)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// record counts an attempt and schedules the next one.
func (h *Webhooks) record(d delivery, ok bool) {
	now := h.world.Now().Unix()
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case ok:
		h.report.Delivered++
	case d.attempt == webhookAttempts:
		h.report.Lost++
	default:
		d.attempt++
		n := int64(d.attempt)
		d.due = now + n*n*n
		h.queue = append(h.queue, d)
	}
}

// Sign is X-Signature: lower-case hex of HMAC-SHA1 over the raw body.
func Sign(secret string, body []byte) string {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}
