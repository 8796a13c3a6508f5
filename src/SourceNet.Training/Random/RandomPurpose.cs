namespace SourceNet.Training;

/// <summary>What random numbers are for. The numbers are part of what makes a run reproducible: new ones come at the end.</summary>
internal enum RandomPurpose
{
    Shuffle = 1,
    Crop,
    Flip,
    Jitter,
    Erasing,
    MixUp,
    CutMix,
    MixOrCut,
    Sampling,
    Split,
    ResizedCrop,
    Rotation,
    Affine,
    Policy,
}
