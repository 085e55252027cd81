package forecast

// Paces are the shares of their demand that shows usually sold on a day, by days left; nil: unknown.
type Paces []float64

// Paces of the shows that a forecast is made from. One says nothing of the days on which it was sold out; on a day with
// more refunds than sales it sold nothing.
func (p *Past) Paces(f *Forecast) Paces {
	longest := -1
	for _, i := range f.Shows {
		longest = max(longest, onSaleFor(p.shows[i].Curve, 0))
	}
	if longest < 0 {
		return nil
	}
	shares, shows := make([]float64, longest+1), make([]float64, longest+1)
	for _, i := range f.Shows {
		sold := int64(0)
		for _, point := range p.shows[i].Curve {
			if point.DaysLeft > p.soldOut[i] {
				shares[point.DaysLeft] += float64(max(0, point.Sold-sold)) / p.demand[i]
			}
			sold = point.Sold
		}
		for left := p.soldOut[i] + 1; left <= longest; left++ {
			shows[left]++
		}
	}
	for left := range shares {
		shares[left] /= max(shows[left], 1)
	}
	return shares
}
