namespace SourceNet.Modeling.Tests.Shapes;

/// <summary>Windows with settings of all kinds, and inputs that they fit into mostly, but not always.</summary>
internal static class RandomWindows
{
    private static readonly long[] s_sizes = [1, 2, 3, 5, 7, 8, 13, 16];

    public static (Window Window, long[] Input) Convolution(Random random, int rank, bool transposed)
    {
        var groups = random.Next(1, 4);
        var window = new Window(
            Sizes(rank, () => random.Next(1, 5)),
            Sizes(rank, () => random.Next(1, 4)),
            Sizes(rank, () => random.Next(0, 3)),
            Sizes(rank, () => random.Next(1, 3)))
        {
            Groups = groups,
            Channels = groups * random.Next(1, 3),
            Transposed = transposed,
            OutputPadding = Sizes(rank, () => transposed && random.Next(3) == 0 ? random.Next(0, 3) : 0),
        };
        return (window, [groups * random.Next(1, 3), .. Sizes(rank, () => s_sizes[random.Next(rank == 3 ? 5 : s_sizes.Length)])]);
    }

    public static (Window Window, long[] Input) Pool(Random random, int rank, bool average)
    {
        var window = new Window(Sizes(rank, () => random.Next(1, 5)), Sizes(rank, () => random.Next(1, 5)), new long[rank], Sizes(rank, () => average
            ? 1
            : random.Next(1, 3)));
        var padding = window.Kernel.Select(size => random.Next(12) switch
        {
            0 => size,
            1 => ((random.Next(1, 3) * (size - 1)) + 1) / 2,
            _ => random.Next((int)(size / 2) + 1),
        }).ToArray();
        return (window with { Padding = padding }, [random.Next(1, 4), .. Sizes(rank, () => s_sizes[random.Next(rank == 3 ? 6 : s_sizes.Length)])]);
    }

    private static long[] Sizes(int rank, Func<long> next) => Enumerable.Range(0, rank).Select(_ => next()).ToArray();
}
