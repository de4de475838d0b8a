# Reads one series a line (counts, oldest first, separated by spaces) from standard input, runs the methods of R surveillance over the
# last evaluated weeks, and writes a line a series: the alarms of each method as a word of 0 and 1.
# Rscript simulated.R FIRST, with the first evaluated week counted from 1.
suppressPackageStartupMessages(library(surveillance))
first <- as.integer(commandArgs(TRUE)[1])
word <- function(s) paste(as.integer(!is.na(s@alarm[, 1]) & s@alarm[, 1]), collapse = "")
input <- file("stdin", "r")
while (length(line <- readLines(input, n = 1)) > 0) {
  y <- as.integer(strsplit(line, " ")[[1]])
  s <- sts(observed = y, start = c(2001, 1), frequency = 52)
  range <- first:length(y)
  ff <- suppressWarnings(farringtonFlexible(s, list(
    range = range, b = 5, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26, reweight = TRUE, weightsThreshold = 2.58,
    trend = TRUE, pThresholdTrend = 1, thresholdMethod = "nbPlugin", alpha = 0.01, glmWarnings = FALSE)))
  ears <- function(m, a) earsC(s, list(range = range, method = m, alpha = a))
  bayes1 <- bayes(s, list(range = range, b = 0, w = 6, actY = TRUE, alpha = 0.01))
  bayes2 <- bayes(s, list(range = range, b = 1, w = 6, actY = TRUE, alpha = 0.01))
  bayes3 <- bayes(s, list(range = range, b = 2, w = 4, actY = FALSE, alpha = 0.01))
  cat(word(ff), word(ears("C1", 0.001)), word(ears("C2", 0.001)), word(ears("C3", 0.025)), word(bayes1), word(bayes2), word(bayes3), "\n")
}
