using SourceNet.Training;

namespace Cifar10Experiment;

/// <summary>The guide's augmentation of the training images.</summary>
[Augmentation, RandomCrop(32, Padding = 4), RandomHorizontalFlip, ColorJitter(Brightness = 0.2, Contrast = 0.2, Saturation = 0.2), RandomErasing(0.1)]
[Normalize([0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616])]
internal sealed partial class GuideAugmentation;
