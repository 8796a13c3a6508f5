namespace SourceNet.Benchmarks;

/// <summary>One comparison: what a kernel replaces, and the kernel.</summary>
/// <param name="Name">What is computed, and how much of it.</param>
/// <param name="Against">What it is compared with.</param>
/// <param name="Goal">The ratio, time of the other divided by time of the kernel, that the project set out to reach; null for a mere observation.</param>
/// <param name="Setup">Makes the data. What it returns is measured and then disposed.</param>
internal sealed record Row(string Name, string Against, double? Goal, Func<Contest> Setup);
