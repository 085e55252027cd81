package publish

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/datalens"
)

// errExists is matched where what is to be created is there already.
var errExists = errors.New("exists already")

// Refusal is an answer other than 200, or none.
type Refusal struct {
	Method     string
	Status     int    // 0: no answer
	Text       string // what the server said, bounded and without secrets
	RetryAfter time.Duration
	exists     bool
}

// mostText is how much of the server's words is repeated, in characters.
const mostText = 500

func readRefusal(method string, status int, body []byte) *Refusal {
	var said struct {
		Message string          `json:"message"`
		Code    string          `json:"code"`
		Details json.RawMessage `json:"details"`
	}
	text := string(body)
	if json.Unmarshal(body, &said) == nil && cmp.Or(said.Message, said.Code) != "" {
		text = strings.TrimSpace(said.Code + " " + said.Message)
		switch wrong := wrongParts(body, said.Details); {
		case wrong != "":
			text += " " + wrong
		case len(said.Details) > 0 && string(said.Details) != "null":
			text += " " + string(said.Details)
		}
	}
	r := &Refusal{Method: method, Status: status, exists: status == http.StatusConflict ||
		status == http.StatusBadRequest && (strings.Contains(text, "UNIQUE_VIOLATION") ||
			strings.Contains(text, "ALREADY_EXISTS"))}
	if letters := []rune(text); len(letters) > mostText {
		text = string(letters[:mostText]) + "…"
	}
	r.Text = text
	return r
}

// wrongParts is what a refused dataset says of its parts. The refusal holds the dataset itself, in one of two places.
func wrongParts(body, details []byte) string {
	var root, inner datalens.Object
	_ = json.Unmarshal(body, &root) // an object: its message was read
	_ = json.Unmarshal(details, &inner)
	return componentErrors(at(root, "dataset")) + componentErrors(at(inner, "data", "dataset"))
}

// componentErrors is what DataLens says of the parts of a dataset; "": nothing is wrong.
func componentErrors(dataset any) string {
	var all []string
	for _, item := range listAt(dataset, "component_errors", "items") {
		for _, e := range listAt(item, "errors") {
			all = append(all, fmt.Sprintf("%s %s: %s", textAt(item, "type"), textAt(item, "id"), textAt(e, "message")))
		}
	}
	return strings.Join(all, "; ")
}

// passing tells a refusal that may be none the next time.
func (r *Refusal) passing() bool {
	return r.Status == 0 || r.Status == http.StatusTooManyRequests || r.Status >= 500
}

// pause before the next attempt.
func (r *Refusal) pause(attempt int) time.Duration {
	return min(cmp.Or(r.RetryAfter, firstPause<<(attempt-1)), longestPause)
}

// Is matches errExists.
func (r *Refusal) Is(target error) bool { return target == errExists && r.exists }

// Error says what was refused, what the server said, and what to do.
func (r *Refusal) Error() string {
	if r.Status == 0 {
		return fmt.Sprintf("%s: no answer (%q); check --api and the network: what was made stays, and the next run goes on",
			r.Method, r.Text)
	}
	return fmt.Sprintf("%s: status %d: %q; %s", r.Method, r.Status, r.Text, r.advice())
}

func (r *Refusal) advice() string {
	switch {
	case r.exists:
		return "something of this name is there already, made by somebody else: rename it in DataLens, or take another " +
			"--workbook"
	case r.Status == http.StatusUnauthorized:
		return "the token is not accepted: a token lives for 12 hours at most, make a new one (yc iam create-token), or " +
			"give a service account's key in DATALENS_SERVICE_ACCOUNT_KEY_FILE; check --org too"
	case r.Status == http.StatusForbidden:
		return "the account of the token may not do this: give it DataLens in this organisation (--org) and the role " +
			"datalens.workbooks.editor in the workbook"
	case r.Status == http.StatusNotFound:
		return "check --workbook (it stands in the address of the workbook) and --org; what was deleted during the run is " +
			"made again by the next one"
	case r.Status == http.StatusLocked:
		return "somebody edits it in DataLens at this moment: close the editor there and run this again, it goes on where " +
			"it stopped"
	case r.Status == http.StatusTooManyRequests:
		return "too many requests, also when tried again: run this later, it goes on where it stopped"
	case r.Status >= 500:
		return "a failure on the side of DataLens, also when tried again: run this later, it goes on where it stopped"
	case r.Status/100 == 3:
		return "it points elsewhere, and the token is not sent there: check --api"
	}
	return "if the interface has changed, make it by hand (docs/datalens.md) and report this text"
}
