namespace SourceNet.Kernels.Masks;

/// <summary>Whether a kernel drops elements: known when it is compiled.</summary>
internal interface IMasking
{
    static abstract bool Drops { get; }
}

internal readonly struct Keeping : IMasking
{
    public static bool Drops => false;
}

internal readonly struct Dropping : IMasking
{
    public static bool Drops => true;
}
