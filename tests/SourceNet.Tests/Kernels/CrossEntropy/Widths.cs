using SourceNet.Kernels.CrossEntropy;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Vectors;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels.CrossEntropy;

/// <summary>Runs the kernel over each kind of lanes, also those that this machine would not choose.</summary>
internal static unsafe class Widths
{
    internal static void Check(Tensor logits, Tensor targets, double smoothing, double loss, double[] gradient)
    {
        Check<Lanes128>(logits, targets, smoothing, loss, gradient);
        Check<Lanes256>(logits, targets, smoothing, loss, gradient);
        Check<Lanes512>(logits, targets, smoothing, loss, gradient);
    }

    private static void Check<TLanes>(Tensor logits, Tensor targets, double smoothing, double loss, double[] gradient)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var (rows, classes) = (logits.size(0), logits.size(1));
        var found = new float[rows * classes];
        double sum;
        fixed (float* slopes = found)
        {
            var place = new CrossEntropyPlace
            {
                Logits = NativeTensor.Floats(logits.Handle),
                Gradient = slopes,
                Indices = (long*)NativeTensor.Data(targets.Handle),
                Sums = &sum,
                Rows = rows,
                Classes = classes,
                RowsInChunk = rows,
                IgnoreIndex = -100,
                Peak = (float)(1 - smoothing),
                Scale = 1f / rows,
            };
            new CrossEntropyWork<EqualWeights, TLanes>(place, new((float)(smoothing / classes))).Run(0);
        }

        Assert.Equal(loss, sum / rows, 1e-6);
        Assert.All(gradient.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-7));
    }
}
