package sales_test

import (
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

func TestBuyerHash(t *testing.T) {
	t.Parallel()
	hash := func(client qtickets.Opt[int64], key string) string {
		o := paid(ticket(1, "900"))
		o.ClientID = client
		row, err := sales.FromOrder(o, []byte(key))
		if err != nil {
			t.Fatal(err)
		}
		return row.BuyerHash
	}
	// Pinned: another value would make every known buyer a new one.
	const pinned = "916dafb9e819e4a4808612974dc4c779"
	if got := hash(number(9001), "key"); got != pinned {
		t.Errorf("hash %s, want %s", got, pinned)
	}
	for name, other := range map[string]string{"another buyer": hash(number(9002), "key"),
		"another key": hash(number(9001), "other")} {
		if other == pinned || len(other) != len(pinned) {
			t.Errorf("%s: %s", name, other)
		}
	}
	for name, empty := range map[string]string{"no key": hash(number(9001), ""),
		"no buyer": hash(qtickets.Opt[int64]{}, "key")} {
		if empty != "" {
			t.Errorf("%s: %s", name, empty)
		}
	}
}

// The list and the detail of one order differ in what is not loaded; that must not look like a change.
func TestContentHashIgnoresWhatIsNotLoaded(t *testing.T) {
	t.Parallel()
	list := orderText(t, "paid")
	want := fromOrder(t, decode(t, list))
	for name, replacement := range map[string][2]string{
		"the detail's integrations": {`"integrations":[]`, `"integrations":{"roistat":{"roistat_visit":null}}`},
		"an unknown member":         {`"custom":""`, `"custom":"","new_member":[{"a":1}]`},
		"custom as an object":       {`"custom":""`, `"custom":{"a":"b"}`},
		"another name of the buyer": {`"name":"Test"`, `"name":"Other"`},
		"another offset":            {`"2030-05-01T12:00:00+03:00"`, `"2030-05-01T16:00:00+07:00"`},
		"an amount with kopecks":    {`"price":900`, `"price":"900.00"`},
		"nothing as null":           {`"related_baskets":[]`, `"related_baskets":null`},
	} {
		text := strings.ReplaceAll(list, replacement[0], replacement[1])
		if text == list {
			t.Fatalf("%s: nothing was replaced", name)
		}
		got := fromOrder(t, decode(t, text))
		if got.ContentHash != want.ContentHash || string(got.PayloadJSON) != string(want.PayloadJSON) {
			t.Errorf("%s changes the content", name)
		}
	}
}

func TestContentHashSeesEveryChange(t *testing.T) {
	t.Parallel()
	before := orderText(t, "paid")
	seen := map[uint64]string{fromOrder(t, decode(t, before)).ContentHash: "the order itself"}
	for name, replacement := range map[string][2]string{
		"a scan": {`"checked_at":null`, `"checked_at":"2030-06-01T19:00:00+03:00"`},
		"a refund": {`"refunded_at":null,"refunded_amount":null`,
			`"refunded_at":"2030-05-10T10:00:00+03:00","refunded_amount":900`},
		"a kopeck":           {`"price":900,"ticket_amount"`, `"price":900.01,"ticket_amount"`},
		"a cancellation":     {`+03:00","deleted_at":null}`, `+03:00","deleted_at":"2030-05-10T10:00:00+03:00"}`},
		"a deleted ticket":   {`"deleted_at":null,"refunded_at"`, `"deleted_at":"2030-05-10T10:00:00+03:00","refunded_at"`},
		"a touch":            {`"updated_at":"2030-05-01T12:02:15+03:00"`, `"updated_at":"2030-05-09T12:02:15+03:00"`},
		"another campaign":   {`{"utm_source":"vk"}`, `{"utm_source":"tg"}`},
		"a campaign removed": {`{"utm_source":"vk"}`, `[]`},
		"another seat":       {`PARTERRE-1;2`, `PARTERRE-1;3`},
		"a swap":             {`"fields":[]`, `"fields":[],"primary_orders":[{"id":4999999}]`},
	} {
		text := strings.Replace(before, replacement[0], replacement[1], 1)
		hash := fromOrder(t, decode(t, text)).ContentHash
		if other, twice := seen[hash]; twice {
			t.Errorf("%s has the hash of %s", name, other)
		}
		seen[hash] = name
	}
	// The key turns unknown buyers into hashed ones, which is a change of every row.
	row, err := sales.FromOrder(decode(t, before), []byte("key"))
	if other, twice := seen[row.ContentHash]; twice || err != nil {
		t.Errorf("a buyer key has the hash of %q, %v", other, err)
	}
}

// ContentHash tells parts apart, so that moving a letter over the border is a change.
func TestContentHashOfParts(t *testing.T) {
	t.Parallel()
	if sales.ContentHash([]byte("ab"), []byte("c")) == sales.ContentHash([]byte("a"), []byte("bc")) {
		t.Error("ab+c and a+bc are one content")
	}
	if sales.ContentHash() == sales.ContentHash(nil) {
		t.Error("no part and an empty part are one content")
	}
}

func TestPayloadHoldsNoPersonalData(t *testing.T) {
	t.Parallel()
	row, err := sales.FromOrder(decode(t, orderText(t, "paid")), []byte("key"))
	if err != nil {
		t.Fatal(err)
	}
	for _, personal := range []string{"9001", "buyer@", "example.test", "Test", "+7000", "000000000001", "client",
		"barcode", "url"} {
		if strings.Contains(string(row.PayloadJSON), personal) {
			t.Errorf("%q is in the payload: %s", personal, row.PayloadJSON)
		}
	}
	if again := fromOrder(t, decode(t, string(row.PayloadJSON))); len(again.Tickets) != 1 ||
		again.Tickets[0].Revenue != 900_00 {
		t.Errorf("the payload does not give the row again: %+v", again)
	}
}
