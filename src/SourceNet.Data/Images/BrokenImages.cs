namespace SourceNet.Data;

/// <summary>What happens to files that cannot be decoded.</summary>
public enum BrokenImages
{
    /// <summary>
    /// An error. A file without the header of an image is found when the folder is loaded; damage behind it where the image is read.
    /// </summary>
    Fail,

    /// <summary>They are left out, and a list of them is written. Every file is decoded once when the folder is loaded.</summary>
    Skip,
}
