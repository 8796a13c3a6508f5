using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SourceNet.Kernels.Vectors;

/// <summary>Four floats: SSE, and Neon on ARM.</summary>
internal readonly unsafe struct SimdVector128(Vector128<float> vector) : ISimdVector<SimdVector128>
{
    private readonly Vector128<float> vector = vector;

    internal Vector128<float> Vector => vector;

    public static int Count => Vector128<float>.Count;

    public static SimdVector128 Indices
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128.Create(0, 1, 2, 3).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 LoadPartial(float* source, int count)
    {
        if (Avx.IsSupported)
        {
            return new(Avx.MaskLoad(source, Mask(count)));
        }

        var buffer = Vector128<float>.Zero;
        for (var lane = 0; lane < count; lane++)
        {
            ((float*)&buffer)[lane] = source[lane];
        }

        return new(buffer);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 operator +(SimdVector128 left, SimdVector128 right) => new(left.vector + right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 operator -(SimdVector128 left, SimdVector128 right) => new(left.vector - right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 operator *(SimdVector128 left, SimdVector128 right) => new(left.vector * right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 operator /(SimdVector128 left, SimdVector128 right) => new(left.vector / right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 operator &(SimdVector128 left, SimdVector128 right) => new(left.vector & right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 operator |(SimdVector128 left, SimdVector128 right) => new(left.vector | right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 operator ^(SimdVector128 left, SimdVector128 right) => new(left.vector ^ right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 operator >(SimdVector128 left, SimdVector128 right) => new(Vector128.GreaterThan(left.vector, right.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 operator <(SimdVector128 left, SimdVector128 right) => new(Vector128.LessThan(left.vector, right.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 operator >=(SimdVector128 left, SimdVector128 right) => new(Vector128.GreaterThanOrEqual(left.vector, right.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 operator <=(SimdVector128 left, SimdVector128 right) => new(Vector128.LessThanOrEqual(left.vector, right.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 ConditionalSelect(SimdVector128 condition, SimdVector128 yes, SimdVector128 no) =>
        new(Vector128.ConditionalSelect(condition.vector, yes.vector, no.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 MultiplyAdd(SimdVector128 a, SimdVector128 b, SimdVector128 c) => new(
        Fma.IsSupported ? Fma.MultiplyAdd(a.vector, b.vector, c.vector)
        : AdvSimd.IsSupported ? AdvSimd.FusedMultiplyAdd(c.vector, a.vector, b.vector)
        : (a.vector * b.vector) + c.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 Sqrt(SimdVector128 value) => new(Vector128.Sqrt(value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 Reciprocal(SimdVector128 value) => new(Vector128<float>.One / value.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 SoftThreshold(SimdVector128 value, SimdVector128 threshold)
    {
        var inside = Vector128.LessThanOrEqual(Vector128.Abs(value.vector), threshold.vector);
        var signed = threshold.vector | (value.vector & Vector128.Create(-0f));
        return new(Vector128.AndNot(value.vector - signed, inside));
    }

    // Of two operands of which one is not a number, the machine's instruction yields the second.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 Max(SimdVector128 value, SimdVector128 floor) => new(
        Sse.IsSupported ? Sse.Max(floor.vector, value.vector)
        : Vector128.ConditionalSelect(Vector128.LessThan(value.vector, floor.vector), floor.vector, value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 Min(SimdVector128 value, SimdVector128 ceiling) => new(
        Sse.IsSupported ? Sse.Min(ceiling.vector, value.vector)
        : Vector128.ConditionalSelect(Vector128.GreaterThan(value.vector, ceiling.vector), ceiling.vector, value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 ScaleB(SimdVector128 value, SimdVector128 power) => Elementary.ScaleInHalves(value, power);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 BroadcastBits(uint pattern) => new(Vector128.Create(pattern).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 AddBits(SimdVector128 left, SimdVector128 right) => new((left.vector.AsUInt32() + right.vector.AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 MultiplyBits(SimdVector128 left, SimdVector128 right) => new((left.vector.AsUInt32() * right.vector.AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 ShiftBitsLeft(SimdVector128 bits, int places) => new(Vector128.ShiftLeft(bits.vector.AsUInt32(), places).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 ShiftBitsRight(SimdVector128 bits, int places) => new(Vector128.ShiftRightLogical(bits.vector.AsUInt32(), places).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector128 LessThanBits(SimdVector128 left, SimdVector128 right) =>
        new(Vector128.LessThan(left.vector.AsInt32(), right.vector.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static double SquaredSum(float* source, long count)
    {
        var lowerSum = Vector128<double>.Zero;
        var upperSum = Vector128<double>.Zero;
        var index = 0L;
        for (; index <= count - Count; index += Count)
        {
            var (lower, upper) = Vector128.Widen(Vector128.Load(source + index));
            lowerSum += lower * lower;
            upperSum += upper * upper;
        }

        if (index < count)
        {
            var (lower, upper) = Vector128.Widen(LoadPartial(source + index, (int)(count - index)).vector);
            lowerSum += lower * lower;
            upperSum += upper * upper;
        }

        return Vector128.Sum(lowerSum + upperSum);
    }

    public float FirstLane
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => vector.ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum() => Vector128.Sum(vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double SumInDouble(SimdVector128 first, SimdVector128 second)
    {
        var (a, b) = Vector128.Widen(first.vector);
        var (c, d) = Vector128.Widen(second.vector);
        return Vector128.Sum(a + b + (c + d));
    }

    public float LargestLane()
    {
        var pairs = Max(this, new(Vector128.Shuffle(vector, Vector128.Create(2, 3, 0, 1))));
        return Max(pairs, new(Vector128.Shuffle(pairs.vector, Vector128.Create(1, 0, 3, 2)))).vector.ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => vector.Store(target);

    public void StorePartial(float* target, int count)
    {
        if (Avx.IsSupported)
        {
            Avx.MaskStore(target, Mask(count), vector);
            return;
        }

        var buffer = vector;
        for (var lane = 0; lane < count; lane++)
        {
            target[lane] = ((float*)&buffer)[lane];
        }
    }

    /// <summary>The first lanes as the mask of a load or a store.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Mask(int count) => Vector128.LessThan(Vector128.Create(0, 1, 2, 3), Vector128.Create(count)).AsSingle();
}
