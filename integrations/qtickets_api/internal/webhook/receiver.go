package webhook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// maxBody is more than any order needs (API notes, section 4: 2-9 KB each).
const maxBody = 1 << 20

// maxDiscarded is how much more is read of a body that is too large.
const maxDiscarded = 32 << 20

// saveTimeout is how long the sender is kept waiting for ClickHouse. It repeats what was not answered with 200.
const saveTimeout = 8 * time.Second

// Result is what became of a request, for counters.
type Result string

// The results. Accepted and Repeated are answered with 200, nothing else is.
const (
	Accepted     Result = "accepted"
	Repeated     Result = "repeated" // delivered before
	Unsigned     Result = "unsigned"
	BadSignature Result = "forged"
	Invalid      Result = "invalid" // rightly signed, and names no order
	TooLarge     Result = "too_large"
	Truncated    Result = "cut" // the body did not arrive whole
	WrongMethod  Result = "method"
	Unavailable  Result = "unavailable" // ClickHouse did not take it
	Disabled     Result = "disabled"    // there is no secret
	Throttled    Result = "throttled"   // too many wrong signatures
)

// Results are all of them.
var Results = []Result{
	Accepted, Repeated, Unsigned, BadSignature, Invalid, TooLarge, Truncated, WrongMethod, Unavailable, Disabled,
	Throttled,
}

// Types are the events that QTickets documents. Others are accepted too, under the name Other.
var Types = []string{"created", "updated", "payed", "deleted", "refunded", "checked"}

// Other is any event that is not documented: the name is not signed, so it is not repeated anywhere.
const Other = "other"

// Options of a Receiver.
type Options struct {
	Secret string // of the cabinet; "" answers 503 to everything
	// Save returns when the deliveries are durable, and tells of each whether it was known before.
	Save func(ctx context.Context, delivered []warehouse.Webhook) (repeated []bool, err error)
	// Saved is called after deliveries became durable; it must not wait.
	Saved func()
	// Count is told what became of each request; the type is "" where none was accepted.
	Count func(result Result, eventType string)
	// Allow tells whether a client may send another wrong signature. Nil: always. A right one is never refused.
	Allow  func(r *http.Request) bool
	Logger *slog.Logger
	Now    func() time.Time // nil: the clock
}

// Receiver is the endpoint. It is an http.Handler for one path.
type Receiver struct {
	Options
	batcher *batcher
}

// New returns a Receiver; Close ends it.
func New(o Options) *Receiver {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Count == nil {
		o.Count = func(Result, string) {}
	}
	if o.Saved == nil {
		o.Saved = func() {}
	}
	if o.Allow == nil {
		o.Allow = func(*http.Request) bool { return true }
	}
	return &Receiver{Options: o, batcher: newBatcher(o.Save)}
}

// Close waits for what is being saved. Requests that come later are answered with 503. A second Close does nothing.
func (h *Receiver) Close() { h.batcher.close() }

// refusal is an answer other than 200.
type refusal struct {
	result Result
	status int
	text   string
}

// ServeHTTP answers one delivery.
func (h *Receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	no := h.receive(r)
	if no == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	h.Count(no.result, "")
	if no.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", http.MethodPost)
	}
	if no.status == http.StatusServiceUnavailable || no.status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "10")
	}
	http.Error(w, no.text, no.status)
}

func (h *Receiver) receive(r *http.Request) *refusal {
	if r.Method != http.MethodPost {
		return &refusal{WrongMethod, http.StatusMethodNotAllowed, "POST only"}
	}
	if h.Secret == "" {
		h.Logger.Warn("A webhook came, but there is no secret", "fix",
			"set QTICKETS_WEBHOOK_SECRET to the secret of the webhook in QTickets")
		return &refusal{Disabled, http.StatusServiceUnavailable, "webhooks are not set up"}
	}
	body, no := read(r)
	if no != nil {
		return no
	}
	if no := h.verify(r, body); no != nil {
		return no
	}
	order, err := orderID(body)
	if err != nil {
		h.Logger.Warn("A signed webhook names no order", "error", err, "bytes", len(body))
		return &refusal{Invalid, http.StatusBadRequest, "not an order"}
	}
	kind := r.Header.Get("X-Event-Type")
	return h.save(r.Context(), warehouse.Webhook{
		ID: deliveryID(kind, body), Type: eventType(kind), OrderID: order, ReceivedAt: h.Now(),
	})
}

// read reads the raw body within the limit. The rest of one that is too large is discarded before the response: a
// sender that still writes when the connection closes would see a broken connection, not the limit.
func read(r *http.Request) ([]byte, *refusal) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if len(body) > maxBody {
		_, _ = io.CopyN(io.Discard, r.Body, maxDiscarded)
		return nil, &refusal{TooLarge, http.StatusRequestEntityTooLarge, "too large"}
	}
	if err != nil {
		return nil, &refusal{Truncated, http.StatusBadRequest, "the body did not arrive whole"}
	}
	return body, nil
}

// verify checks the signature before anything of the body is parsed.
func (h *Receiver) verify(r *http.Request, body []byte) *refusal {
	signature := r.Header.Get("X-Signature")
	if validSignature(h.Secret, body, signature) {
		return nil
	}
	if !h.Allow(r) {
		return &refusal{Throttled, http.StatusTooManyRequests, "too many wrong signatures"}
	}
	result := BadSignature
	if signature == "" {
		result = Unsigned
	}
	h.Logger.Warn("A webhook is not signed with our secret", "result", string(result), "bytes", len(body))
	return &refusal{result, http.StatusUnauthorized, "X-Signature is missing or wrong"}
}

// save makes the delivery durable, also when its sender does not wait for the answer.
func (h *Receiver) save(ctx context.Context, delivery warehouse.Webhook) *refusal {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	repeated, err := h.batcher.add(ctx, delivery)
	if err != nil {
		h.Logger.Error("A webhook was not saved; QTickets repeats it", "error", err)
		return &refusal{Unavailable, http.StatusServiceUnavailable, "not saved, send it again"}
	}
	h.Saved()
	result := Accepted
	if repeated {
		result = Repeated
	}
	h.Count(result, delivery.Type)
	h.Logger.Debug("Webhook", "type", delivery.Type, "order", delivery.OrderID, "result", string(result))
	return nil
}

// deliveryID is equal for repetitions of a delivery. A hash of a whole order gives no field of it away.
func deliveryID(kind string, body []byte) string {
	hash := sha256.New()
	hash.Write([]byte(kind))
	hash.Write([]byte{0})
	hash.Write(body)
	return hex.EncodeToString(hash.Sum(nil)[:16])
}

func eventType(kind string) string {
	for _, t := range Types {
		if kind == t {
			return t
		}
	}
	return Other
}

// orderID is all that is taken out of a body.
func orderID(body []byte) (uint64, error) {
	var order struct {
		ID json.RawMessage `json:"id"`
	}
	if err := json.Unmarshal(body, &order); err != nil {
		return 0, errors.New("not a JSON object") // the decoder's own text may quote the body
	}
	id, err := strconv.ParseUint(strings.Trim(string(order.ID), `"`), 10, 63)
	if err != nil || id == 0 {
		return 0, errors.New("id is not an order id")
	}
	return id, nil
}
