using System.Globalization;
using SourceNet.Training;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

namespace BatchNormModes;

/// <summary>The guide's walk-through, with a number after each step.</summary>
internal static class WalkThrough
{
    public static void Run(IAnsiConsole console, Net net, LabeledImages test)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var images = First(test, 65);
        var image = images[..1];
        var (batch, other) = (images[..32], cat([image, images[33..64]]));
        var table = new Table().RoundedBorder().AddColumns("what is compared", "mode", "largest difference of a logit");
        table.Columns[2].RightAligned();

        net.eval();
        var alone = net.call(image);
        table.AddRow("an image, twice", "eval", Difference(alone, net.call(image)));
        table.AddRow("an image alone, and with 31 others", "eval", Difference(alone, net.call(batch)[..1]));

        using var before = new Saved(net);
#pragma warning disable SN1001 // Predictions in train mode, which the rule finds, are what is shown here.
        net.train();
        var together = net.call(batch);
        table.AddRow("a batch, twice", "train", Difference(together, net.call(batch)));
        table.AddRow("an image with 31 others, and with 31 that are not the same", "train", Difference(together[..1], net.call(other)[..1]));
        table.AddRow("an image alone, and another one alone", "train", Difference(net.call(image), net.call(images[1..2])));
#pragma warning restore SN1001

        net.eval();
        table.AddRow("an image before these calls in train mode, and after", "eval", Difference(alone, net.call(image)));
        before.Restore();
        table.AddRow("an image before them, and after the statistics were put back", "eval", Difference(alone, net.call(image)));
        console.Write(table);
    }

    private static Tensor First(LabeledImages images, int count)
    {
        foreach (var batch in new Batches(images, FashionMnist.Normalize, count).Epoch(1))
        {
            return batch.Images.clone();
        }

        throw new InvalidDataException("Expected images to test with, found none.");
    }

    private static string Difference(Tensor one, Tensor two) => Text((one - two).abs().max().item<float>());

    private static string Text(double value) => value.ToString("G3", CultureInfo.InvariantCulture);

    /// <summary>The running statistics as they were.</summary>
    private sealed class Saved(Net net) : IDisposable
    {
        private readonly Dictionary<string, Tensor> buffers = net
            .named_buffers()
            .ToDictionary(buffer => buffer.name, buffer => buffer.buffer.clone().DetachFromDisposeScope());

        public void Restore()
        {
            foreach (var (name, buffer) in net.named_buffers())
            {
                buffer.copy_(buffers[name]);
            }
        }

        public void Dispose()
        {
            foreach (var (_, buffer) in buffers)
            {
                buffer.Dispose();
            }
        }
    }
}
