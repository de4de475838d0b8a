// Package dist holds the distribution functions that detectors and estimators share: normal, Student's t, gamma, chi-square, beta, binomial, negative binomial and
// quasi-Poisson counts, with the few special functions these rest on.
//
// Two ideas run through it. Probabilities of single counts are computed in Loader's saddle-point form (C. Loader 2000, Fast and accurate
// computation of binomial probabilities), which does not subtract large log factorials and so keeps about 13 digits at any size. Tails
// are summed term by term away from the mean, or taken from a continued fraction where the terms are many, so that a tail has its full
// relative precision however small it is, down to Tiny; the tail on the near side of the mean is 1 minus such a sum.
//
// Functions want arguments within the ranges they state; callers see to that, and what is returned outside of them means nothing unless
// a function says so. None of them allocates.
package dist
