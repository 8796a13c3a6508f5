namespace SourceNet.Data;

/// <summary>How a folder of images is read.</summary>
public sealed record ImageFolderOptions
{
    /// <summary>
    /// 3 for red, green and blue, which are equal in a gray image; 1 for gray, 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601) of a color one.
    /// </summary>
    public int Channels { get; init; } = 3;

    /// <summary>How images of other sizes become those that are asked for.</summary>
    public ImageFit Fit { get; init; }

    /// <summary>What is seen through transparent pixels and around images with <see cref="ImageFit.Pad"/>: a gray from 0, black, to 255, white.</summary>
    public int Background { get; init; }

    /// <summary>What happens to files that cannot be decoded.</summary>
    public BrokenImages Broken { get; init; }

    /// <summary>
    /// The classes in the order of their indices, such as <see cref="ImageFolder.ClassNames"/> of the training images: the folders of a validation set must
    /// be among them. Null for the names of the folders.
    /// </summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Where the list of files that are left out is written; null for the standard error output.</summary>
    public TextWriter? Report { get; init; }
}
