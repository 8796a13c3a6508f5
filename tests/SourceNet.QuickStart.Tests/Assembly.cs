using Xunit;

// libtorch's default generator, its number of threads and the counts of live tensors belong to the whole process,
// and its own threads use every core already.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
