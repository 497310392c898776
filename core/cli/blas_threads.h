// SPDX-License-Identifier: GPL-2.0-or-later
// Threads of the BLAS library that get in the way of ATen's.
#pragma once

namespace orthoscribe::cli {

// OpenBLAS built with threads of its own lets them spin for some 25 ms behind every product, on the cores that ATen's threads
// need for what comes next: a training step took twice as long on two cores. How long they spin is read when the library is
// loaded, so the program starts itself once more with OPENBLAS_THREAD_TIMEOUT set. Does nothing where that is set already, or the
// library is another one or shares OpenMP's threads. argv: of main, ends with a null pointer.
void calmBlasThreads(char** argv);

}  // namespace orthoscribe::cli
