"""What follows an int8 product, or stands for itself: requantization, sums and means by integers, where that is proven exact."""
