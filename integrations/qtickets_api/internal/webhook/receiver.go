package webhook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// maxBody is more than any order needs (API notes, section 4: 2-9 KB each).
const maxBody = 1 << 20

// maxBodies is how many bodies are in memory at a time, see places.
const maxBodies = 24

// Times of a body: a whole one; one that others wait for; what is left of one that was refused.
const (
	bodyTime  = 10 * time.Second
	bodyGrace = 200 * time.Millisecond
	restTime  = time.Second
)

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
	Displaced    Result = "displaced"   // too slow, and others came
)

// Results are all of them.
var Results = []Result{
	Accepted, Repeated, Unsigned, BadSignature, Invalid, TooLarge, Truncated, WrongMethod, Unavailable, Disabled,
	Throttled, Displaced,
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
	batcher  *batcher
	bodies   *places
	bodyTime time.Duration
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
	return &Receiver{Options: o, batcher: newBatcher(o.Save), bodies: newPlaces(maxBodies, bodyGrace), bodyTime: bodyTime}
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
	no := h.receive(w, r)
	if no == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	h.Count(no.result, "")
	if r.ContentLength != 0 { // what was not read is not waited for
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(restTime))
		w.Header().Set("Connection", "close")
	}
	if no.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", http.MethodPost)
	}
	if no.status == http.StatusServiceUnavailable || no.status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "10")
	}
	http.Error(w, no.text, no.status)
}

func (h *Receiver) receive(w http.ResponseWriter, r *http.Request) *refusal {
	if no := h.refuseUnread(r); no != nil {
		return no
	}
	delivery, no := h.read(w, r)
	if no != nil {
		return no
	}
	return h.save(r.Context(), delivery)
}

// refuseUnread refuses what its head alone shows to be wrong: nothing of the body is read.
func (h *Receiver) refuseUnread(r *http.Request) *refusal {
	switch {
	case r.Method != http.MethodPost:
		return &refusal{WrongMethod, http.StatusMethodNotAllowed, "POST only"}
	case h.Secret == "":
		h.Logger.Warn("A webhook came, but there is no secret", "fix",
			"set QTICKETS_WEBHOOK_SECRET to the secret of the webhook in QTickets")
		return &refusal{Disabled, http.StatusServiceUnavailable, "webhooks are not set up"}
	case r.ContentLength > maxBody:
		return &refusal{TooLarge, http.StatusRequestEntityTooLarge, "too large"}
	case !wellFormed(r.Header.Get("X-Signature")):
		return h.unsigned(r)
	}
	return nil
}

// read holds a body in memory for as long as it takes to check and to name its order.
func (h *Receiver) read(w http.ResponseWriter, r *http.Request) (delivery warehouse.Webhook, no *refusal) {
	connection := http.NewResponseController(w)
	mine := h.bodies.enter(func(deadline time.Time) { _ = connection.SetReadDeadline(deadline) }, h.bodyTime)
	if mine == nil {
		return delivery, &refusal{Displaced, http.StatusServiceUnavailable, "too many bodies at a time, send it again"}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	switch {
	case err == nil && len(body) > maxBody:
		no = &refusal{TooLarge, http.StatusRequestEntityTooLarge, "too large"}
	case err != nil:
		no = &refusal{Truncated, http.StatusBadRequest, "the body did not arrive whole"}
	case !validSignature(h.Secret, body, r.Header.Get("X-Signature")):
		no = h.unsigned(r)
	default:
		delivery, no = h.order(body)
	}
	if h.bodies.leave(mine) && err != nil {
		no = &refusal{Displaced, http.StatusServiceUnavailable, "too slow, send it again"}
	}
	_ = connection.SetReadDeadline(time.Time{})
	delivery.Type, delivery.ReceivedAt = eventType(r.Header.Get("X-Event-Type")), h.Now()
	delivery.ID = deliveryID(delivery.Type, body)
	return delivery, no
}

// unsigned answers one who does not know the secret.
func (h *Receiver) unsigned(r *http.Request) *refusal {
	if !h.Allow(r) {
		return &refusal{Throttled, http.StatusTooManyRequests, "too many wrong signatures"}
	}
	result := BadSignature
	if r.Header.Get("X-Signature") == "" {
		result = Unsigned
	}
	h.Logger.Warn("A webhook is not signed with our secret", "result", string(result), "bytes", r.ContentLength)
	return &refusal{result, http.StatusUnauthorized, "X-Signature is missing or wrong"}
}

func (h *Receiver) order(body []byte) (warehouse.Webhook, *refusal) {
	order, older, err := orderIDs(body)
	if err != nil {
		h.Logger.Warn("A signed webhook names no order", "error", err, "bytes", len(body))
		return warehouse.Webhook{}, &refusal{Invalid, http.StatusBadRequest, "not an order"}
	}
	return warehouse.Webhook{OrderID: order, PrimaryOrders: older}, nil
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

// deliveryID is equal for repetitions of a delivery. A hash of a whole order gives no field of it away. The type is a
// known one: it is not signed, and a made-up one would make a delivery that was listened to new again and again.
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

// maxPrimary is how many older orders of one delivery are kept.
const maxPrimary = 20

// orderIDs are all that is taken out of a body: the id of the order and of the orders it replaces (API notes, section
// 14). What those are written as is not certain; what cannot be read is left out.
func orderIDs(body []byte) (order uint64, older []uint64, err error) {
	var content struct {
		ID            json.RawMessage `json:"id"`
		PrimaryOrders json.RawMessage `json:"primary_orders"`
	}
	if err := json.Unmarshal(body, &content); err != nil {
		return 0, nil, errors.New("not a JSON object") // the decoder's own text may quote the body
	}
	if order = number(content.ID); order == 0 {
		return 0, nil, errors.New("id is not an order id")
	}
	var list []json.RawMessage
	if json.Unmarshal(content.PrimaryOrders, &list) != nil {
		var byKey map[string]json.RawMessage // PHP writes a list with gaps as an object
		_ = json.Unmarshal(content.PrimaryOrders, &byKey)
		list = slices.Collect(maps.Values(byKey))
	}
	for _, element := range list {
		var replaced struct {
			ID json.RawMessage `json:"id"`
		}
		id := number(element)
		if json.Unmarshal(element, &replaced) == nil {
			id = number(replaced.ID)
		}
		if id != 0 && len(older) < maxPrimary {
			older = append(older, id)
		}
	}
	slices.Sort(older)
	return order, slices.Compact(older), nil
}

// number is an id written as a number or a text, 0 when it is none.
func number(text json.RawMessage) uint64 {
	id, err := strconv.ParseUint(strings.Trim(string(text), `"`), 10, 63)
	if err != nil {
		return 0
	}
	return id
}
