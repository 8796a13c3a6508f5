using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SourceNet.Kernels.Masks;

namespace SourceNet.Kernels.Vectors;

/// <summary>Sixteen floats: AVX-512.</summary>
internal readonly unsafe struct Lanes512(Vector512<float> vector) : ILanes<Lanes512>
{
    private readonly Vector512<float> vector = vector;

    public static int Count => Vector512<float>.Count;

    private static Vector512<int> Numbers => Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadFirst(float* source, int count)
    {
        var buffer = Vector512<float>.Zero;
        Unsafe.CopyBlockUnaligned(&buffer, source, (uint)count * sizeof(float));
        return new(buffer);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 All(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 First(int count) => new(Vector512.LessThan(Numbers, Vector512.Create(count)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 left, Lanes512 right) => new(left.vector + right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 left, Lanes512 right) => new(left.vector - right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 left, Lanes512 right) => new(left.vector * right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator /(Lanes512 left, Lanes512 right) => new(left.vector / right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator &(Lanes512 left, Lanes512 right) => new(left.vector & right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator |(Lanes512 left, Lanes512 right) => new(left.vector | right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) => new(
        Avx512F.IsSupported ? Avx512F.FusedMultiplyAdd(a.vector, b.vector, c.vector) : (a.vector * b.vector) + c.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Sqrt(Lanes512 value) => new(Vector512.Sqrt(value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Abs(Lanes512 value) => new(Vector512.Abs(value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SignOf(Lanes512 value) => new(value.vector & Vector512.Create(-0f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Less(Lanes512 left, Lanes512 right) => new(Vector512.LessThan(left.vector, right.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LessOrEqual(Lanes512 left, Lanes512 right) => new(Vector512.LessThanOrEqual(left.vector, right.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Select(Lanes512 mask, Lanes512 one, Lanes512 other) => new(Vector512.ConditionalSelect(mask.vector, one.vector, other.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Round(Lanes512 value) => new(
        // Adding 1.5 · 2²³ leaves no place for a fraction.
        Avx512F.IsSupported ? Avx512F.RoundScale(value.vector, 0) : value.vector + Vector512.Create(12582912f) - Vector512.Create(12582912f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Scale(Lanes512 value, Lanes512 exponent)
    {
        if (Avx512F.IsSupported)
        {
            return new(Avx512F.Scale(value.vector, exponent.vector));
        }

        var half = Round(exponent * All(0.5f));
        return new(value.vector * PowerOfTwo(half.vector) * PowerOfTwo(exponent.vector - half.vector));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Exponent(Lanes512 value) => new(Vector512.ConvertToSingle((Vector512.ShiftRightLogical(value.vector.AsInt32(), 23) & Vector512.Create(255)) - Vector512.Create(127)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Mantissa(Lanes512 value) => new(((value.vector.AsInt32() & Vector512.Create(0x7fffff)) | Vector512.Create(0x3f800000)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Shrink(Lanes512 value, Lanes512 threshold)
    {
        var inside = Vector512.LessThanOrEqual(Vector512.Abs(value.vector), threshold.vector);
        var signed = threshold.vector | (value.vector & Vector512.Create(-0f));
        return new(Vector512.AndNot(value.vector - signed, inside));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 AtLeast(Lanes512 value, Lanes512 floor) => new(
        // The instruction gives the second of two where one is not a number.
        Avx512F.IsSupported ? Avx512F.Max(floor.vector, value.vector) : Vector512.ConditionalSelect(Vector512.LessThan(value.vector, floor.vector), floor.vector, value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 AtMost(Lanes512 value, Lanes512 ceiling) => new(
        Avx512F.IsSupported ? Avx512F.Min(ceiling.vector, value.vector) : Vector512.ConditionalSelect(Vector512.GreaterThan(value.vector, ceiling.vector), ceiling.vector, value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Keep(in KeepMask mask, uint index)
    {
        var bits = (Vector512.Create(index) + Numbers.AsUInt32()) ^ Vector512.Create(mask.Low);
        bits ^= Vector512.ShiftRightLogical(bits, 16);
        bits *= Vector512.Create(KeepMask.First);
        bits ^= Vector512.ShiftRightLogical(bits, 15);
        bits = (bits + Vector512.Create(mask.High)) * Vector512.Create(KeepMask.Second);
        bits ^= Vector512.ShiftRightLogical(bits, 16);
        bits *= Vector512.Create(KeepMask.Third);
        bits ^= Vector512.ShiftRightLogical(bits, 15);
        // Of 24 bits, because signed comparison is what every machine has.
        return new(Vector512.GreaterThanOrEqual(Vector512.ShiftRightLogical(bits, 8).AsInt32(), Vector512.Create(mask.Threshold)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes512 value) => Lanes256.Sum(new Lanes256(value.vector.GetLower()) + new Lanes256(value.vector.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Lanes512 value) => Lanes256.Largest(Lanes256.Larger(new Lanes256(value.vector.GetLower()), new Lanes256(value.vector.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => vector.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreFirst(float* target, int count)
    {
        var buffer = vector;
        Unsafe.CopyBlockUnaligned(target, &buffer, (uint)count * sizeof(float));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> PowerOfTwo(Vector512<float> exponent) => ((Vector512.ConvertToInt32(exponent) + Vector512.Create(127)) << 23).AsSingle();
}
