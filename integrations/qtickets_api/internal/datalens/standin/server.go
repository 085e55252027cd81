// Package standin stands in for DataLens in tests: the methods of its public API that a publication asks, and the
// service that gives tokens. It shares no code with the client. What it checks: required members, unknown members,
// references, names that are taken, titles that are taken, formulas. Fields have guids unlike their columns; what is
// stored comes back with defaults filled in, as from the real one. Data is asked from the ClickHouse of the connection,
// in the shapes that were recorded.
//
// It does not imitate: folders, collections, permissions of people, revisions, drawing.
package standin

import (
	"cmp"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

type object = map[string]any

// Options of a server.
type Options struct {
	Org   string         // the only organisation
	Token string         // a token that a person made; "": none is good
	Key   *rsa.PublicKey // of the service account whose key id is KeyID; nil: there is none
	KeyID string
	// TokenLife is for how many requests a token of the service account is good; 0: for all.
	TokenLife int
	Delay     time.Duration // of every answer
}

// Fault is what happens to requests in place of an answer.
type Fault struct {
	Method     string // "": any
	After      int    // so many requests of that method are well first
	Times      int    // 0: once
	Status     int    // of the answer; 0: none, the connection breaks
	Body       string
	RetryAfter string
	Works      bool // the request is carried out all the same: only its answer is lost
}

// Server is a DataLens.
type Server struct {
	*httptest.Server
	options Options

	mu        sync.Mutex
	calls     map[string]int
	faults    []*Fault
	tokens    map[string]int // requests a token is still good for
	made      int
	workbooks []*workbook
	entries   []*stored
	locked    map[string]bool
	broken    []string // requests that break the interface
}

type workbook struct{ id, title, description string }

// stored is an entry of a workbook.
type stored struct {
	id, workbook, scope, kind, name string
	body                            object
	revision                        int
}

// New starts a server on the loopback.
func New(o Options) *Server {
	s := &Server{options: o, calls: map[string]int{}, tokens: map[string]int{}, locked: map[string]bool{}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	return s
}

// IAM is the address that gives tokens.
func (s *Server) IAM() string { return s.URL + "/iam/v1/tokens" }

// Fail adds faults; the first that fits a request happens.
func (s *Server) Fail(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		f.Times = max(f.Times, 1)
		s.faults = append(s.faults, &f)
	}
}

// Calls are the requests since the last time, by method.
func (s *Server) Calls() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := s.calls
	s.calls = map[string]int{}
	return calls
}

// Refused are the requests that broke the interface.
func (s *Server) Refused() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.broken
}

// refusal is an answer other than 200.
type refusal struct {
	status        int
	code, message string
}

func (r refusal) Error() string { return r.code + ": " + r.message }

func bad(format string, a ...any) refusal {
	return refusal{http.StatusBadRequest, "VALIDATION_ERROR", fmt.Sprintf(format, a...)}
}

var methods = map[string]func(*Server, object) any{
	"createWorkbook": (*Server).createWorkbook, "getWorkbooksList": (*Server).getWorkbooksList,
	"getWorkbookEntries": (*Server).getWorkbookEntries,
	"createConnection":   (*Server).createConnection, "getConnection": (*Server).getConnection,
	"updateConnection": (*Server).updateConnection,
	"validateDataset":  (*Server).validateDataset, "createDataset": (*Server).createDataset,
	"getDataset": (*Server).getDataset, "updateDataset": (*Server).updateDataset,
	"getDatasetData":    (*Server).getDatasetData,
	"createWizardChart": (*Server).createWizardChart, "getWizardChart": (*Server).getWizardChart,
	"updateWizardChart": (*Server).updateWizardChart,
	"createDashboard":   (*Server).createDashboard, "getDashboard": (*Server).getDashboard,
	"updateDashboard": (*Server).updateDashboard,
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	time.Sleep(s.options.Delay)
	s.mu.Lock()
	defer s.mu.Unlock()
	name := strings.TrimPrefix(r.URL.Path, "/rpc/")
	s.calls[name]++
	fault := s.fault(name)
	if fault != nil && !fault.Works {
		fault.happen(w)
		return
	}
	answer, refused := s.answer(r, name)
	if fault != nil {
		fault.happen(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if refused != nil {
		if refused.status == http.StatusBadRequest {
			s.broken = append(s.broken, name+": "+refused.message)
		}
		w.WriteHeader(refused.status)
		answer = object{"code": refused.code, "message": refused.message, "requestId": "r"}
	}
	if answer != nil {
		_ = json.NewEncoder(w).Encode(answer)
	}
}

// answer carries out a request. Methods give up by panicking with a refusal.
func (s *Server) answer(r *http.Request, name string) (answer any, refused *refusal) {
	defer func() {
		if p := recover(); p != nil {
			of, ours := p.(refusal)
			if !ours {
				panic(p)
			}
			refused = &of
		}
	}()
	if r.URL.Path == "/iam/v1/tokens" {
		return s.giveToken(r), nil
	}
	method, known := methods[name]
	if !known || r.Method != http.MethodPost {
		panic(refusal{http.StatusNotFound, "NOT_FOUND", "no method " + name})
	}
	s.admit(r)
	var body object
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		panic(bad("the body is no JSON object: %v", err))
	}
	return method(s, body), nil
}

func (s *Server) fault(method string) *Fault {
	for _, f := range s.faults {
		if f.Times == 0 || (f.Method != "" && f.Method != method) {
			continue
		}
		if f.After > 0 {
			f.After--
			continue
		}
		f.Times--
		return f
	}
	return nil
}

func (f *Fault) happen(w http.ResponseWriter) {
	if f.Status == 0 {
		panic(http.ErrAbortHandler)
	}
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	w.WriteHeader(f.Status)
	_, _ = w.Write([]byte(f.Body))
}

// newID is like those of DataLens: 13 letters and digits.
func (s *Server) newID() string {
	s.made++
	return hash(fmt.Sprint("id", s.made))[:13]
}

func hash(text string) string {
	h := sha1.Sum([]byte(text))
	return hex.EncodeToString(h[:])
}

// store makes an entry; its name must be free in its workbook and scope.
func (s *Server) store(e stored) *stored {
	s.workbook(e.workbook)
	for _, other := range s.entries {
		if other.workbook == e.workbook && other.scope == e.scope && strings.EqualFold(other.name, e.name) {
			panic(refusal{http.StatusConflict, "ERR.US.UNIQUE_VIOLATION", "The entry already exists"})
		}
	}
	if e.name == "" || strings.Contains(e.name, "/") {
		panic(bad("a name is empty, or holds a slash"))
	}
	e.id, e.revision = s.newID(), 1
	s.entries = append(s.entries, &e)
	return &e
}

func (s *Server) workbook(id string) *workbook {
	for _, w := range s.workbooks {
		if w.id == id {
			return w
		}
	}
	panic(refusal{http.StatusNotFound, "NOT_EXIST_WORKBOOK", "There is no workbook " + id})
}

func (s *Server) entry(scope, id string) *stored {
	for _, e := range s.entries {
		if e.scope == scope && e.id == id {
			return e
		}
	}
	panic(refusal{http.StatusNotFound, "NOT_FOUND", "There is no " + scope + " " + id})
}

// edit is entry for changes.
func (s *Server) edit(scope, id string) *stored {
	e := s.entry(scope, id)
	if s.locked[id] {
		panic(refusal{http.StatusLocked, "ENTRY_IS_LOCKED", "The entry is locked by ivan@example.test"})
	}
	e.revision++
	return e
}

// only checks the members of an object: those that must be there, and those that may.
func only(o object, where string, required, optional string) object {
	allowed := map[string]bool{}
	for _, name := range strings.Fields(required) {
		allowed[name] = true
		if _, is := o[name]; !is {
			panic(bad("%s: %s is required", where, name))
		}
	}
	for _, name := range strings.Fields(optional) {
		allowed[name] = true
	}
	for name := range o {
		if !allowed[name] {
			panic(bad("%s: unrecognized key %s", where, name))
		}
	}
	return o
}

func part(o object, name string) object {
	p, ok := o[name].(object)
	if !ok {
		panic(bad("%s: expected an object", name))
	}
	return p
}

func list(o object, name string) []any {
	l, ok := o[name].([]any)
	if !ok {
		panic(bad("%s: expected an array", name))
	}
	return l
}

func text(o object, name string) string {
	t, ok := o[name].(string)
	if !ok {
		panic(bad("%s: expected a string", name))
	}
	return t
}

func maybe(o object, name string) string {
	if o[name] == nil {
		return ""
	}
	return text(o, name)
}

func objects(l []any, where string) []object {
	all := make([]object, len(l))
	for i, item := range l {
		o, ok := item.(object)
		if !ok {
			panic(bad("%s[%d]: expected an object", where, i))
		}
		all[i] = o
	}
	return all
}

// copied is a deep copy.
func copied(o object) object {
	text, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	var same object
	if err := json.Unmarshal(text, &same); err != nil {
		panic(err)
	}
	return same
}

func (s *Server) createWorkbook(b object) any {
	only(b, "createWorkbook", "title", "collectionId description")
	for _, w := range s.workbooks {
		if w.title == text(b, "title") {
			panic(refusal{http.StatusConflict, "WORKBOOK_ALREADY_EXISTS", "Workbook with this title already exists"})
		}
	}
	w := &workbook{id: s.newID(), title: text(b, "title"), description: maybe(b, "description")}
	s.workbooks = append(s.workbooks, w)
	return object{"workbookId": w.id, "title": w.title, "description": w.description, "collectionId": nil,
		"operation": object{}}
}

func (s *Server) getWorkbooksList(b object) any {
	only(b, "getWorkbooksList", "", "filterString collectionId page pageSize")
	found := []object{}
	for _, w := range s.workbooks {
		if strings.Contains(strings.ToLower(w.title), strings.ToLower(maybe(b, "filterString"))) {
			found = append(found, object{"workbookId": w.id, "title": w.title, "description": w.description})
		}
	}
	return object{"workbooks": found}
}

// perPage is fewer than asked for, so that pages are turned.
const perPage = 7

func (s *Server) getWorkbookEntries(b object) any {
	only(b, "getWorkbookEntries", "workbookId", "page pageSize scope orderBy filters createdBy includePermissionsInfo")
	s.workbook(text(b, "workbookId"))
	page, _ := b["page"].(float64)
	all := []object{}
	for _, e := range s.entries {
		if e.workbook == text(b, "workbookId") {
			key := e.workbook + "/" + e.name
			all = append(all, object{"entryId": e.id, "scope": e.scope, "type": e.kind, "key": strings.ToLower(key),
				"displayKey": key, "revId": fmt.Sprint(e.revision), "hidden": false, "meta": nil})
		}
	}
	from := min(int(page)*perPage, len(all))
	answer := object{"entries": all[from:min(from+perPage, len(all))]}
	if from+perPage < len(all) {
		answer["nextPageToken"] = fmt.Sprint(int(page) + 1)
	}
	return answer
}

// Add makes an entry as a person would: a chart of their own, a dataset. It returns its id.
func (s *Server) Add(workbook, scope, kind, name string, body object) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.store(stored{workbook: workbook, scope: scope, kind: kind, name: name, body: body}).id
}

// Change lets a person change what an entry holds.
func (s *Server) Change(scope, name string, change func(body object)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.entries {
		if e.scope == scope && e.name == name {
			change(e.body)
			e.revision++
			return
		}
	}
	panic("no " + scope + " " + name)
}

// Rename gives an entry another name.
func (s *Server) Rename(scope, name, other string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.entries {
		if e.scope == scope && e.name == name {
			e.name = other
		}
	}
}

// Lock keeps an entry in the editor of somebody; an empty name frees all.
func (s *Server) Lock(scope, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name == "" {
		s.locked = map[string]bool{}
	}
	for _, e := range s.entries {
		if e.scope == scope && e.name == name {
			s.locked[e.id] = true
		}
	}
}

// State is everything that is stored, to be compared.
func (s *Server) State() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for _, w := range s.workbooks {
		fmt.Fprintf(&b, "%s %s\n", w.id, w.title)
	}
	for _, e := range s.entries {
		body, err := json.Marshal(e.body)
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(&b, "%s %s %s %s %d %s\n", e.scope, e.kind, e.name, e.id, e.revision, body)
	}
	return b.String()
}

// Names are those of the entries of a scope.
func (s *Server) Names(scope string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for _, e := range s.entries {
		if e.scope == scope {
			names = append(names, e.name)
		}
	}
	return names
}

// Workbook is the id of the only one.
func (s *Server) Workbook() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.workbooks) != 1 {
		panic(fmt.Sprintf("%d workbooks", len(s.workbooks)))
	}
	return s.workbooks[0].id
}

func orDefault(o object, name string, value any) any { return cmp.Or(o[name], value) }
