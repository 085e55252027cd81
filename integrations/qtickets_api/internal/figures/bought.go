package figures

import "context"

// bought is how tickets of a period were bought: Heat, Lead and OrderSizes are parts of it.
type bought struct {
	hours    [7][24]int64            // tickets, Monday first
	daysLeft map[int]int64           // tickets; -1: the show has no date
	orders   [MaxOrderSize + 1]int64 // by their number of tickets, the last are those of more too; 0 is none
	tickets  int64                   // of all orders
}

// bought reads it once for all that ask, with the parameters of the period.
func (s *Store) readBought(ctx context.Context, f Filter, p map[string]string) (*bought, error) {
	p["most"] = unsigned(MaxOrderSize)
	return s.bought.get(ctx, f.key(p["from"]+" "+p["to"]), func(ctx context.Context) (*bought, error) {
		b := &bought{daysLeft: map[int]int64{}}
		err := s.read(ctx, "bought", p, func(scan func(...any) error) error {
			var by string
			var weekday, hour uint8
			var daysLeft, tickets int64
			var size uint32
			var orders, ofOrders uint64
			if err := scan(&by, &weekday, &hour, &daysLeft, &size, &tickets, &orders, &ofOrders); err != nil {
				return err
			}
			switch by {
			case "hour":
				b.hours[weekday-1][hour] = tickets
			case "days_left":
				b.daysLeft[int(daysLeft)] = tickets
			case "size":
				b.orders[size] = int64(orders)
				b.tickets += int64(ofOrders)
			}
			return nil
		})
		return b, err
	})
}
