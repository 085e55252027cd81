package simulator

// Moments are Unix seconds, 0 meaning null: the API has no fractions of a second. Amounts are kopecks
// (hundredths of the order's currency).

// ticketState is the truth about a ticket; the words are those of the design.
type ticketState uint8

const (
	stateHeld ticketState = iota
	stateSold
	stateRefunded
	stateCancelled
)

// life is what really happened to a ticket. Only life-cycle operations write it and only the oracle reads it.
type life struct {
	state      ticketState
	soldAt     int64
	charged    int64
	refundedAt int64
	returned   int64
}

// ticket is a basket of section 7.2.
type ticket struct {
	id, seq                           int64
	order                             *order
	show                              *show
	seat                              *seat // nil for the main basket of a season ticket
	originalPrice, discount, price    int64
	checkedAt, createdAt, updatedAt   int64
	deletedAt, refundedAt             int64
	amountsKnown                      bool // refunded_amount and refunded_deduction_amount are not null
	refundedAmount, refundedDeduction int64
	refundedText, deductionText       string // fractions of a kopeck, as the answer says them; "": none
	linked                            []*ticket
	main                              *ticket
	life                              life
}

// refundOperation is one element of order.refunds; its real shape is unknown (section 18, row 8).
type refundOperation struct {
	id, at, returned, kept int64
	tickets                []int64
}

// order is an order of section 7.1.
type order struct {
	id                               int64
	uniqid                           string
	event                            *event
	client                           *client
	payed                            bool
	payedAt, createdAt, deletedAt    int64
	updatedAt                        *int64 // see stamps
	reservedTo                       int64
	reserved, reservedNull, extended bool
	promo                            *promoCode
	price, originalPrice             int64
	paymentType                      string
	card, staff, personalFields      bool
	utm                              []parameter
	tickets                          []*ticket
	refunds                          []refundOperation
	primary, secondary               []*order
	tellsPrimary                     bool  // lists name primary too
	replaced                         bool  // and stays alive for the API
	silentUpdatedAt                  int64 // last silent update
}

// site is where orders are made. Of the third one no answer tells the address.
type site struct {
	id   int64
	host string
}

var sites = []site{{16, "билеты.example"}, {17, "Kassa.example"}, {21, ""}}

// site of the order follows from its number, so that it moves nothing else in the world.
func (o *order) site() site {
	switch n := o.id % 10; {
	case n < 6:
		return sites[0]
	case n < 9:
		return sites[1]
	default:
		return sites[2]
	}
}

// parameter is a UTM parameter; a list of them keeps the order of the keys, which a map would lose.
type parameter struct{ key, value string }

// client is a buyer; everything else about them is made from the number (see world_buyers.go).
type client struct {
	id      int64
	details byte // 'o' object, 'n' null, 'e' empty list (section 7.1)
}

// event is an event of section 9.
type event struct {
	id                              int64
	name, placeName, site, slug     string
	city                            city
	currency                        string
	active                          bool
	createdAt, updatedAt, deletedAt int64
	onSaleFrom                      int64
	weight                          int
	season                          bool // sells season tickets too
	free                            bool // handler "free", no payments
	shows                           []*show
	orders                          []*order
}

// show is one date of an event.
type show struct {
	id                              int64
	event                           *event
	active                          bool
	saleStart, saleFinish           int64
	open, start, finish             int64
	createdAt, updatedAt, deletedAt int64
	exhibition                      bool
	prices                          []priceZone
	zones                           []*zone
	positions                       []*position
	openPositions                   []*position
	scheme                          []byte
	pricesHidden                    bool // min_price and max_price null though prices are filled
}

type priceZone struct {
	id    int64
	price int64
	theme int
}

// occupies tells whether the ticket takes a seat: a ticket of a replaced order may look alive without one.
func (t *ticket) occupies() bool { return t.live() && t.seat != nil && t.life.state != stateCancelled }

// live reports whether the ticket is still a ticket: neither deleted nor refunded.
func (t *ticket) live() bool { return t.deletedAt == 0 && t.refundedAt == 0 }

func (o *order) ticket(id int64) *ticket {
	for _, t := range o.tickets {
		if t.id == id {
			return t
		}
	}
	return nil
}
