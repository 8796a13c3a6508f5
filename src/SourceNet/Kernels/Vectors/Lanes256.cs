using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SourceNet.Kernels.Vectors;

/// <summary>Eight floats: AVX2.</summary>
internal readonly unsafe struct Lanes256(Vector256<float> vector) : ILanes<Lanes256>
{
    private readonly Vector256<float> vector = vector;

    internal Vector256<float> Vector => vector;

    public static int Count => Vector256<float>.Count;

    public static Lanes256 CountingBits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadPart(float* source, int count) =>
        count < Lanes128.Count
            ? new(Vector256.Create(Lanes128.LoadPart(source, count).Vector, Vector128<float>.Zero))
            : new(Vector256.Create(Vector128.Load(source), Lanes128.LoadPart(source + Lanes128.Count, count - Lanes128.Count).Vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 All(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 left, Lanes256 right) => new(left.vector + right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 left, Lanes256 right) => new(left.vector - right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 left, Lanes256 right) => new(left.vector * right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 left, Lanes256 right) => new(left.vector / right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator &(Lanes256 left, Lanes256 right) => new(left.vector & right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator |(Lanes256 left, Lanes256 right) => new(left.vector | right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator ^(Lanes256 left, Lanes256 right) => new(left.vector ^ right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator >(Lanes256 left, Lanes256 right) => new(Vector256.GreaterThan(left.vector, right.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator <(Lanes256 left, Lanes256 right) => new(Vector256.LessThan(left.vector, right.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator >=(Lanes256 left, Lanes256 right) => new(Vector256.GreaterThanOrEqual(left.vector, right.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator <=(Lanes256 left, Lanes256 right) => new(Vector256.LessThanOrEqual(left.vector, right.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Select(Lanes256 condition, Lanes256 yes, Lanes256 no) => new(Vector256.ConditionalSelect(condition.vector, yes.vector, no.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) => new(
        Fma.IsSupported ? Fma.MultiplyAdd(a.vector, b.vector, c.vector) : (a.vector * b.vector) + c.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Sqrt(Lanes256 value) => new(Vector256.Sqrt(value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Inverse(Lanes256 value) => new(Vector256<float>.One / value.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Shrink(Lanes256 value, Lanes256 threshold)
    {
        var inside = Vector256.LessThanOrEqual(Vector256.Abs(value.vector), threshold.vector);
        var signed = threshold.vector | (value.vector & Vector256.Create(-0f));
        return new(Vector256.AndNot(value.vector - signed, inside));
    }

    // Of two operands of which one is not a number, the machine's instruction yields the second.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AtLeast(Lanes256 value, Lanes256 floor) => new(
        Avx.IsSupported ? Avx.Max(floor.vector, value.vector)
        : Vector256.ConditionalSelect(Vector256.LessThan(value.vector, floor.vector), floor.vector, value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AtMost(Lanes256 value, Lanes256 ceiling) => new(
        Avx.IsSupported ? Avx.Min(ceiling.vector, value.vector)
        : Vector256.ConditionalSelect(Vector256.GreaterThan(value.vector, ceiling.vector), ceiling.vector, value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Scale(Lanes256 value, Lanes256 power) => Elementary.ScaleInHalves(value, power);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AllBits(uint pattern) => new(Vector256.Create(pattern).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AddBits(Lanes256 left, Lanes256 right) => new((left.vector.AsUInt32() + right.vector.AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyBits(Lanes256 left, Lanes256 right) => new((left.vector.AsUInt32() * right.vector.AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ShiftBitsLeft(Lanes256 bits, int places) => new(Vector256.ShiftLeft(bits.vector.AsUInt32(), places).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ShiftBitsRight(Lanes256 bits, int places) => new(Vector256.ShiftRightLogical(bits.vector.AsUInt32(), places).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LessBits(Lanes256 left, Lanes256 right) => new(Vector256.LessThan(left.vector.AsInt32(), right.vector.AsInt32()).AsSingle());

    public float First
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => vector.ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum() => Vector256.Sum(vector);

    public float Max() => Lanes128.AtLeast(new(vector.GetLower()), new(vector.GetUpper())).Max();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => vector.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StorePart(float* target, int count)
    {
        if (count < Lanes128.Count)
        {
            new Lanes128(vector.GetLower()).StorePart(target, count);
            return;
        }

        vector.GetLower().Store(target);
        new Lanes128(vector.GetUpper()).StorePart(target + Lanes128.Count, count - Lanes128.Count);
    }
}
