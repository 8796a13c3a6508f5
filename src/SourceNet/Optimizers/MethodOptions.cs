using TorchSharp.Modules;

namespace SourceNet;

/// <summary>The numbers of a method. Saved are the learning rates, the method's own in a fixed order, and whether it climbs.</summary>
internal abstract class MethodOptions : OptimizerOptions
{
    internal bool Maximize { get; set; }

    internal MethodOptions Copy() => (MethodOptions)MemberwiseClone();

    /// <summary>A group that follows these numbers.</summary>
    internal virtual MethodGroup GroupOf(RegularizedGroup declared) => new(declared, this);

    public sealed override void SaveStateDict(BinaryWriter writer)
    {
        base.SaveStateDict(writer);
        Save(writer);
    }

    public sealed override void LoadStateDict(BinaryReader reader)
    {
        base.LoadStateDict(reader);
        Load(reader);
    }

    public sealed override void LoadStateDict(OptimizerOptions source)
    {
        if (source is not MethodOptions other || other.GetType() != GetType())
        {
            throw new ArgumentException($"The options are those of another optimizer ({source?.GetType().Name ?? "null"}).", nameof(source));
        }

        base.LoadStateDict(source);
        // By way of what is saved: the numbers are listed there.
        using var stream = new MemoryStream();
        other.Save(new BinaryWriter(stream));
        stream.Position = 0;
        Load(new BinaryReader(stream));
    }

    /// <summary>Lists the method's own numbers: each becomes what <paramref name="numbers"/> makes of it.</summary>
    private protected abstract void Exchange(MethodNumbers numbers);

    private void Save(BinaryWriter writer)
    {
        Exchange(new(writer, null));
        writer.Write(Maximize);
    }

    private void Load(BinaryReader reader)
    {
        Exchange(new(null, reader));
        Maximize = reader.ReadBoolean();
    }
}

/// <summary>Writes numbers one after the other, or reads them in the same order: exactly one of both is there.</summary>
internal readonly struct MethodNumbers(BinaryWriter? writer, BinaryReader? reader)
{
    internal double Of(double value)
    {
        writer?.Write(value);
        return reader?.ReadDouble() ?? value;
    }

    internal bool Of(bool value)
    {
        writer?.Write(value);
        return reader?.ReadBoolean() ?? value;
    }
}

/// <summary>The numbers of a method with two decay rates.</summary>
internal class BetaOptions : MethodOptions
{
    internal double Beta1 { get; set; }

    internal double Beta2 { get; set; }

    internal override MethodGroup GroupOf(RegularizedGroup declared) => new BetaGroup(declared, this);

    private protected override void Exchange(MethodNumbers numbers)
    {
        Beta1 = numbers.Of(Beta1);
        Beta2 = numbers.Of(Beta2);
    }
}

/// <summary>The numbers of a method with a velocity.</summary>
internal abstract class MomentumOptions : MethodOptions
{
    internal double Momentum { get; set; }

    internal override MethodGroup GroupOf(RegularizedGroup declared) => new MomentumGroup(declared, this);
}
