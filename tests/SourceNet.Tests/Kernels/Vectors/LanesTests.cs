using SourceNet.Kernels.Vectors;

namespace SourceNet.Tests.Kernels.Vectors;

public sealed unsafe class LanesTests
{
    [Fact]
    public void A_part_is_loaded_and_stored_without_touching_what_follows_it()
    {
        Check<Lanes128>();
        Check<Lanes256>();
        Check<Lanes512>();

        static void Check<TLanes>()
            where TLanes : struct, ILanes<TLanes>
        {
            float[] source = [.. Enumerable.Range(1, TLanes.Count).Select(number => (float)number)];
            for (var count = 0; count < TLanes.Count; count++)
            {
                var target = Enumerable.Repeat(-1f, TLanes.Count).ToArray();
                var all = new float[TLanes.Count];
                fixed (float* from = source, to = target, whole = all)
                {
                    var lanes = TLanes.LoadPart(from, count);
                    lanes.StorePart(to, count);
                    lanes.Store(whole);
                    Assert.Equal(count * (count + 1) / 2, lanes.Sum());
                }

                Assert.Equal(source.Take(count).Concat(Enumerable.Repeat(-1f, TLanes.Count - count)), target);
                Assert.Equal(source.Take(count).Concat(Enumerable.Repeat(0f, TLanes.Count - count)), all);
            }
        }
    }

    [Fact]
    public void Limits_keep_what_is_not_a_number()
    {
        Check<Lanes128>();
        Check<Lanes256>();
        Check<Lanes512>();

        static void Check<TLanes>()
            where TLanes : struct, ILanes<TLanes>
        {
            var values = new float[TLanes.Count];
            fixed (float* target = values)
            {
                TLanes.AtLeast(TLanes.All(float.NaN), TLanes.All(1)).Store(target);
                Assert.Equal(float.NaN, values[0]);
                TLanes.AtMost(TLanes.All(float.NaN), TLanes.All(1)).Store(target);
                Assert.Equal(float.NaN, values[0]);
                TLanes.AtMost(TLanes.All(2), TLanes.All(1)).Store(target);
                Assert.Equal(1, values[0]);
                TLanes.AtLeast(TLanes.All(0), TLanes.All(1)).Store(target);
                Assert.Equal(1, values[0]);
            }
        }
    }
}
