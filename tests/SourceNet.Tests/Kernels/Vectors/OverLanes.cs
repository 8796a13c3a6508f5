using SourceNet.Kernels.Vectors;

namespace SourceNet.Tests.Kernels.Vectors;

/// <summary>A function of lanes, applied to arrays at a width of choice.</summary>
internal abstract unsafe class OverLanes
{
    internal static readonly int[] Widths = [4, 8, 16];

    protected abstract TLanes Apply<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>;

    internal float[] Of(float[] values, int width) => width switch
    {
        4 => Of<Lanes128>(values),
        8 => Of<Lanes256>(values),
        _ => Of<Lanes512>(values),
    };

    private float[] Of<TLanes>(float[] values)
        where TLanes : struct, ILanes<TLanes>
    {
        var results = new float[values.Length];
        fixed (float* source = values, target = results)
        {
            var index = 0;
            for (; index + TLanes.Count <= values.Length; index += TLanes.Count)
            {
                Apply(TLanes.Load(source + index)).Store(target + index);
            }

            if (index < values.Length)
            {
                Apply(TLanes.LoadPart(source + index, values.Length - index)).StorePart(target + index, values.Length - index);
            }
        }

        return results;
    }
}
