## Times the detectors of bench_test.go in R surveillance on series.csv: CPU time of an evaluation in nanoseconds, the least of five runs.
suppressMessages(library(surveillance))
y <- read.csv("series.csv")$count
n <- length(y); range <- (n - 99):n
x <- sts(observed = matrix(y, ncol = 1), start = c(2010, 1), frequency = 52)
time <- function(name, runs, f) {
  f()
  best <- min(replicate(5, { t <- proc.time(); for (i in seq_len(runs)) f(); sum((proc.time() - t)[1:2]) }))
  cat(name, format(best / runs / length(range) * 1e9, digits = 6, scientific = FALSE), "\n")
}
time("FarringtonFlexible", 1, function() suppressWarnings(farringtonFlexible(x, control = list(
  range = range, b = 5, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26, reweight = TRUE, weightsThreshold = 2.58,
  trend = TRUE, pThresholdTrend = 1, thresholdMethod = "nbPlugin", alpha = 0.01, limit54 = c(0, 4), glmWarnings = FALSE))))
time("EARSC1", 100, function() earsC(x, control = list(range = range, method = "C1")))
time("EARSC2", 100, function() earsC(x, control = list(range = range, method = "C2")))
time("EARSC3", 100, function() earsC(x, control = list(range = range, method = "C3")))
time("Bayes", 100, function() bayes(x, control = list(range = range, b = 1, w = 6, actY = TRUE, alpha = 0.01)))
