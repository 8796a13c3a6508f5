#if SOURCENET_MODELING // The compiler's components have the same enum, from this file.
namespace SourceNet.Modeling;
#else
namespace SourceNet;
#endif

/// <summary>What a norm normalises over.</summary>
public enum NormKind
{
    /// <summary>No norm: switches off the class's default for a block.</summary>
    None,

    /// <summary>Over batch and space, for each channel (Ioffe and Szegedy 2015). Train and eval mode differ.</summary>
    Batch,

    /// <summary>Over the features of a position, or over <c>[C, H, W]</c> of an image (Ba et al. 2016).</summary>
    Layer,

    /// <summary>Like <see cref="Layer"/> without mean and shift (Zhang and Sennrich 2019).</summary>
    RMS,

    /// <summary>Over groups of channels of one sample (Wu and He 2018).</summary>
    Group,

    /// <summary>Over the space of one channel of one sample (Ulyanov et al. 2016).</summary>
    Instance,
}
