package simulator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// FaultKind names a switch; the string is what the command line takes.
type FaultKind string

// Faults of the query language.
const (
	FilterIgnored   FaultKind = "filter-ignored"
	OrderIgnored    FaultKind = "order-ignored"
	PageIgnored     FaultKind = "page-ignored"
	PerPageCapped   FaultKind = "per-page-capped"
	RangeRefused    FaultKind = "range-refused"
	RangeIgnored    FaultKind = "range-ignored"
	DateFormat      FaultKind = "date-format"
	SelectRefused   FaultKind = "select-refused"
	SelectIgnored   FaultKind = "select-ignored"
	URLOrderRefused FaultKind = "url-order-refused"
	BodyStripped    FaultKind = "body-stripped"
)

// Faults of paging.
const (
	EmptyList    FaultKind = "empty-list"
	HiddenRow    FaultKind = "hidden-row"
	EmptyPage    FaultKind = "empty-page"
	SkippedRow   FaultKind = "skipped-row"
	DuplicateRow FaultKind = "duplicate-row"
	TotalLies    FaultKind = "total-lies"
	Growing      FaultKind = "growing"
)

// Faults of transport.
const (
	StaleCache       FaultKind = "stale-cache"
	CutBody          FaultKind = "cut-body"
	CutJSON          FaultKind = "cut-json"
	Dropped          FaultKind = "dropped"
	Slow             FaultKind = "slow"
	Stalled          FaultKind = "stalled"
	TooManyRequests  FaultKind = "too-many"
	RetryAfter       FaultKind = "retry-after"
	Unavailable      FaultKind = "unavailable"
	ServerError      FaultKind = "server-error"
	BadGateway       FaultKind = "bad-gateway"
	HTMLPage         FaultKind = "html"
	Redirected       FaultKind = "redirect"
	TokenRotated     FaultKind = "token-rotated"
	Unauthorized     FaultKind = "unauthorized"
	SeatsUnavailable FaultKind = "seats-unavailable"
)

// Faults of content.
const (
	AccountOffset FaultKind = "account-offset"
	IntsAsStrings FaultKind = "ints-as-strings"
	UnknownFields FaultKind = "unknown-fields"
	BadPrice      FaultKind = "bad-price"
	NaiveTime     FaultKind = "naive-time"
	NullDetails   FaultKind = "null-details"
	CustomObject  FaultKind = "custom-object"
	NameMaps      FaultKind = "name-maps"
	TicketTwice   FaultKind = "ticket-twice"
	PHPFloats     FaultKind = "php-floats"
	OddFields     FaultKind = "odd-fields"
	BadBytes      FaultKind = "bad-bytes"
	PersonalTexts FaultKind = "personal-texts"
	PersonalKeys  FaultKind = "personal-keys"
	ServiceFee    FaultKind = "service-fee"
	OddRefunds    FaultKind = "odd-refunds"
)

// Rules of the world, settable in the same way (see RefundRules).
const (
	RefundMoves      FaultKind = "refund-moves-updated"
	RefundDeletes    FaultKind = "refund-sets-deleted"
	RefundRecomputes FaultKind = "refund-recomputes-price"
	RefundUnpays     FaultKind = "refund-drops-payed"
	RefundUnpaysAt   FaultKind = "refund-drops-payed-at"
	RefundFractions  FaultKind = "refund-fractions"
	ReplacedStays    FaultKind = "replaced-stays"
	ScanMoves        FaultKind = "scan-moves-updated"
)

// FaultDoc explains a switch for the help of a command.
type FaultDoc struct {
	Kind FaultKind
	// Argument is what may follow the colon, "" for nothing.
	Argument string
	Meaning  string
}

// FaultDocs lists every switch.
func FaultDocs() []FaultDoc { return slices.Clone(faultDocs) }

var faultDocs = []FaultDoc{
	{FilterIgnored, "", "where is ignored: HTTP 200 with unfiltered rows"},
	{OrderIgnored, "", "orderBy is ignored"},
	{PageIgnored, "", "page is ignored: always page 1"},
	{PerPageCapped, "N", "perPage is cut to N (50)"},
	{RangeRefused, "", "operators other than =, null, not null answer 503"},
	{RangeIgnored, "", "conditions with those operators are dropped silently"},
	{DateFormat, "iso|space|naive", "which form of a date in a value is understood; naive ignores the offset"},
	{SelectRefused, "", "select on orders answers 503"},
	{SelectIgnored, "", "select is ignored"},
	{URLOrderRefused, "", "orderBy as a JSON string in the URL answers 503 on orders instead of being ignored"},
	{BodyStripped, "", "the body of a GET never arrives; URL parameters still do"},
	{EmptyList, "", "lists are empty, total 0"},
	{HiddenRow, "ID", "lists leave out the row ID (the first), and do not count it"},
	{EmptyPage, "N", "page N (2) is empty though total says more"},
	{SkippedRow, "", "every page but the first leaves one row out"},
	{DuplicateRow, "", "every page but the first starts with the last row of the one before"},
	{TotalLies, "N", "paging.total is N (7) too high; negative: too low"},
	{Growing, "N", "N orders (1) are made before each page of orders is read: total grows while paging"},
	{StaleCache, "any-url",
		"a repeated address gets the first answer again, X-Cache-Status: HIT; any-url: whatever its parameters"},
	{CutBody, "N", "the N-th answer (every one) breaks off in the middle, chunked coding unfinished"},
	{CutJSON, "N", "the N-th answer (every one) is half a JSON text, well delivered"},
	{Dropped, "N", "N requests (all) lose their connection without an answer"},
	{Slow, "DURATION", "each answer waits (30s)"},
	{Stalled, "N", "N answers (all) stop in the middle and keep the connection open"},
	{TooManyRequests, "N", "N requests (all) get 429 without Retry-After"},
	{RetryAfter, "N[,DURATION]", "N requests (all) get 429 with Retry-After (1s)"},
	{Unavailable, "N", "N requests (all) get 503 UNKNOWN_ERROR"},
	{ServerError, "N", "N requests (all) get 500"},
	{BadGateway, "N", "N requests (all) get 502 and nginx's page"},
	{HTMLPage, "N", "N requests (all) get a web page with status 200"},
	{Redirected, "N", "N requests (all) get 302 to another address of this server"},
	{TokenRotated, "", "no token is right: 403"},
	{Unauthorized, "", "no token is right: 401"},
	{SeatsUnavailable, "SHOW", "seats of one show (every show) answer 503"},
	{AccountOffset, "+HH:MM", "timestamps are written with this offset (+05:00)"},
	{IntsAsStrings, "", "numbers arrive as strings"},
	{UnknownFields, "", "rows and baskets have new fields of every type"},
	{BadPrice, "ORDER", "order ORDER (the first) has a price nobody can read"},
	{NaiveTime, "ORDER", "order ORDER (the first) has timestamps without offset"},
	{NullDetails, "ORDER", "client.details of order ORDER (every order) is null"},
	{CustomObject, "ORDER", "custom and fields of order ORDER (every order) are objects"},
	{NameMaps, "KEY", "names of events and cities are language maps, Russian under KEY (ru)"},
	{PHPFloats, "ORDER", "amounts of order ORDER (everywhere) are printed as floats with 17 digits: 899.99999999999989"},
	{OddFields, "ORDER", "fields of order ORDER (of every row) that no figure needs are in a form nobody can read"},
	{BadBytes, "ORDER", "the buyer's name in order ORDER (every order) has bad bytes, half a surrogate and a doubled key"},
	{PersonalTexts, "", "every free text names a person, in spellings and encodings of all kinds, and steers a terminal"},
	{PersonalKeys, "ORDER", "the tickets of order ORDER (the first) stand under a mail or a phone and have no price"},
	{ServiceFee, "ORDER", "prices of live tickets in order ORDER (everywhere) hold a service fee"},
	{OddRefunds, "ORDER", "refunds of order ORDER (everywhere) name no amount"},
	{TicketTwice, "ORDER", "the first ticket of order ORDER (the last) is also that of the order before it"},
	{RefundMoves, "", "refunds move the order's updated_at"},
	{RefundDeletes, "", "refunds set deleted_at"},
	{RefundRecomputes, "", "refunds recompute the order's price"},
	{RefundUnpays, "", "a full refund drops payed"},
	{RefundUnpaysAt, "", "a full refund drops payed and payed_at"},
	{RefundFractions, "", "one refund of several tickets is split into fractions of a kopeck"},
	{ReplacedStays, "", "a replaced order stays paid and alive, only its successor names it"},
	{ScanMoves, "", "scans move the order's updated_at"},
}

// Fault is one switch in a position. The zero values of the arguments mean the defaults that
// FaultDocs names in brackets.
type Fault struct {
	Kind FaultKind
	// N is the number of FaultDocs: how many requests, which answer, which page, order or show.
	N int64
	// Delay is how long Slow waits and what RetryAfter asks for (whole seconds).
	Delay time.Duration
	// Text is the word or offset of DateFormat, StaleCache, AccountOffset and NameMaps.
	Text string
	// Path limits the fault to requests whose path below the base starts so ("orders", "shows/80001/seats").
	Path string
}

// String is the form ParseFault reads.
func (f Fault) String() string {
	var args []string
	if f.N != 0 {
		args = append(args, strconv.FormatInt(f.N, 10))
	}
	if f.Delay != 0 {
		args = append(args, f.Delay.String())
	}
	if f.Text != "" {
		args = append(args, f.Text)
	}
	s := string(f.Kind)
	if len(args) > 0 {
		s += ":" + strings.Join(args, ",")
	}
	if f.Path != "" {
		s += "@" + f.Path
	}
	return s
}

// ParseFault reads "KIND[:ARGUMENT[,ARGUMENT]][@PATH]": "filter-ignored", "cut-body:3",
// "retry-after:2,3s@orders", "date-format:iso".
func ParseFault(s string) (Fault, error) {
	s, path, _ := strings.Cut(s, "@")
	kind, args, hasArgs := strings.Cut(s, ":")
	f := Fault{Kind: FaultKind(kind), Path: path}
	known := slices.IndexFunc(faultDocs, func(d FaultDoc) bool { return d.Kind == f.Kind })
	if known < 0 {
		return f, fmt.Errorf("fault %q is unknown: qtickets_api sim --faults lists the names", kind)
	}
	if hasArgs && faultDocs[known].Argument == "" {
		return f, fmt.Errorf("fault %q takes no argument: write it without %q", kind, ":"+args)
	}
	for arg := range strings.SplitSeq(args, ",") {
		if n, err := strconv.ParseInt(arg, 10, 64); err == nil && f.Kind != AccountOffset {
			f.N = n
		} else if d, err := time.ParseDuration(arg); err == nil {
			f.Delay = d
		} else {
			f.Text = arg
		}
	}
	return f, f.check()
}

func (f Fault) check() error {
	switch {
	case f.Kind == AccountOffset && f.Text != "":
		if _, err := time.Parse("-07:00", f.Text); err != nil {
			return fmt.Errorf("fault %s: %q is no offset: write it as +05:00", f.Kind, f.Text)
		}
	case f.Kind == DateFormat:
		if !slices.Contains([]dateReading{dateBoth, dateISO, dateSpace, dateNaive}, dateReading(f.Text)) {
			return fmt.Errorf("fault %s: %q is no reading: write iso, space or naive", f.Kind, f.Text)
		}
	case f.Kind == StaleCache && f.Text == "any-url", f.Kind == NameMaps, f.Text == "":
	default:
		return fmt.Errorf("fault %s: cannot read %q: see its argument in FaultDocs", f.Kind, f.Text)
	}
	return nil
}
