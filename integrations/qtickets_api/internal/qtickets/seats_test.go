package qtickets

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/corpus"
)

const nestedSeats = `{"data":{"PARTERRE":{"zone_id":"PARTERRE","name":"Parterre","description":"","seats":{` +
	`"1;1":{"seat_id":"PARTERRE-1;1","root_id":"PARTERRE-1;1","admission":false,"disabled":"0","price":900,"max_quantity":1,` +
	`"free_quantity":0,"ordered_quantity":1,"payed_quantity":1,"in_basket_quantity":0,"spread":{"client_emails":["canary.buyer@example.test"]}},` +
	`"1;2":{"seat_id":"PARTERRE-1;2","price":"900.50","max_quantity":"1","free_quantity":1}}},` +
	`"12":{"seats":{"1;1":{"admission":true,"max_quantity":300,"free_quantity":0,"price":null}},"name":"Floor"},` +
	`"EMPTY":{"zone_id":"EMPTY","seats":[]}}}`

func decodeSeatsText(text string) (SeatsResponse, error) {
	return decodeSeats(jsontext.NewDecoder(strings.NewReader(text)), 80001)
}

func TestNestedSeats(t *testing.T) {
	t.Parallel()
	got, err := decodeSeatsText(nestedSeats)
	if err != nil || len(got.Invalid) != 0 {
		t.Fatal(err, got.Invalid)
	}
	want := []Seat{
		{ID: "PARTERRE-1;1", RootID: Some("PARTERRE-1;1"), ZoneID: Some("PARTERRE"), ZoneName: Some("Parterre"),
			Admission: Some(false), Disabled: Some(false), Price: Some[Money](90000),
			MaxQuantity: Some[int64](1), FreeQuantity: Some[int64](0), OrderedQuantity: Some[int64](1),
			PayedQuantity: Some[int64](1), InBasketQuantity: Some[int64](0)},
		{ID: "PARTERRE-1;2", ZoneID: Some("PARTERRE"), ZoneName: Some("Parterre"), Price: Some[Money](90050),
			MaxQuantity: Some[int64](1), FreeQuantity: Some[int64](1)},
		{ID: "12-1;1", ZoneID: Some("12"), ZoneName: Some("Floor"), Admission: Some(true), MaxQuantity: Some[int64](300),
			FreeQuantity: Some[int64](0)},
	}
	if diff := cmp.Diff(want, got.Seats); diff != "" {
		t.Errorf("seats differ (-want +got):\n%s", diff)
	}
}

func TestFlatSeats(t *testing.T) {
	t.Parallel()
	got, err := decodeSeatsText(`{"data":{"full_P-1;6":{"id":"full_P-1;6","root_id":"P-1;6","zone_id":"full_P","free_quantity":1},"P-1;7":{"free_quantity":0}}}`)
	if err != nil || len(got.Invalid) != 0 {
		t.Fatal(err, got.Invalid)
	}
	want := []Seat{
		{ID: "full_P-1;6", RootID: Some("P-1;6"), ZoneID: Some("full_P"), FreeQuantity: Some[int64](1)},
		{ID: "P-1;7", FreeQuantity: Some[int64](0)},
	}
	if diff := cmp.Diff(want, got.Seats); diff != "" {
		t.Errorf("seats differ (-want +got):\n%s", diff)
	}
}

func TestSeatsEnvelope(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		`{"data":[]}`: nil, `{"data":{}}`: nil, `{"data":{"Z":{"seats":{}}}}`: nil, `{"data":null}`: ErrUnexpected,
		`{}`: ErrUnexpected,
		`[]`: ErrUnexpected, `{"data":{}`: ErrTruncated, ``: ErrTruncated, nestedSeats[:300]: ErrTruncated,
	} {
		got, err := decodeSeatsText(text)
		if !errors.Is(err, want) || len(got.Seats)+len(got.Invalid) != 0 {
			t.Errorf("%s: %v, %+v", text, err, got)
		}
	}
}

func TestBadSeatLeavesTheOthers(t *testing.T) {
	t.Parallel()
	got, err := decodeSeatsText(strings.Replace(nestedSeats, `"max_quantity":"1"`, `"max_quantity":"many"`, 1))
	want := []InvalidRow{{ID: 80001,
		Reason: `seats[80001][?].seats[?].max_quantity: cannot read a text of 4 characters as an integer`}}
	if err != nil || len(got.Seats) != 2 || cmp.Diff(want, got.Invalid) != "" {
		t.Errorf("%v %+v", err, got)
	}
	got, err = decodeSeatsText(`{"data":{"Z":{"zone_id":["x"],"seats":{"1;1":{"free_quantity":1}}},"Y":"text"}}`)
	if err != nil || len(got.Invalid) != 2 {
		t.Errorf("%v %+v", err, got)
	}
}

func TestSeatsWithoutNumbers(t *testing.T) {
	t.Parallel()
	got, err := decodeSeatsText(`{"data":{"Z":{"seats":{"1;1":{"seat_id":"Z-1;1","admission":true}}}}}`)
	if err != nil || !got.lacksQuantities() {
		t.Errorf("%v %+v", err, got)
	}
	if got, err = decodeSeatsText(nestedSeats); err != nil || got.lacksQuantities() {
		t.Errorf("%v %+v", err, got)
	}
}

// FuzzSeats: no bytes make the decoder panic, and every accepted seat has an id.
func FuzzSeats(f *testing.F) {
	for _, seed := range []string{nestedSeats, `{"data":[]}`, `{"data":{"a":{"id":"b","zone_id":1}}}`,
		`{"data":[[{}],{"seats":[{"id":5}]}]}`, `{"data":{"":{"seats":{"":{}}}}}`} {
		f.Add([]byte(seed))
	}
	for _, kept := range corpus.Read(f, "FuzzSeats") {
		f.Add([]byte(kept[0]))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := decodeSeats(jsontext.NewDecoder(bytes.NewReader(text)), 80001)
		if err != nil && !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrUnexpected) {
			t.Fatalf("unknown kind of error: %v", err)
		}
		if err != nil && len(got.Seats)+len(got.Invalid) > 0 {
			t.Fatal("a broken answer still gave seats")
		}
	})
}
