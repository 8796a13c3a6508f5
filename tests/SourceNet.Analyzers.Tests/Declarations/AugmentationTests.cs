namespace SourceNet.Analyzers.Tests.Declarations;

/// <summary>What is reported about classes with <c>[Augmentation]</c>.</summary>
public class AugmentationTests
{
    [Theory]
    [InlineData("[Augmentation] public sealed partial class A;")]
    [InlineData(
        "[Augmentation, RandomCrop(32, Padding = 4), RandomHorizontalFlip, ColorJitter(Brightness = 0.2), Normalize(new[] { 0.5 }, new[] { 0.25 }), "
            + "RandomErasing(0.25, MaxScale = 0.2)] sealed partial class A { }")]
    [InlineData(
        "[Augmentation, RandomErasing(MinScale = 0.4, MaxScale = 0.4, MinRatio = 5, MaxRatio = 5)] partial class A : Augmentation { public int Seed => 3; }")]
    [InlineData(
        "[Augmentation, RandomResizedCrop(8, MinScale = 0.5, MaxScale = 0.5), RandomRotation(15, Fill = 255), RandAugment(0, 30)] sealed partial class A;")]
    [InlineData(
        "[Augmentation, RandomAffine(0, TranslateX = 1, MinScale = 0.5, ShearX = 89.9, Interpolation = ImageInterpolation.Bilinear), AugMix(Severity = 10)] "
            + "sealed partial class A;")]
    [InlineData("[Augmentation, TrivialAugment(Fill = 7)] sealed partial class A;")]
    public Task A_whole_augmentation_is_silent(string source) => Declaration.IsSilent($"using SourceNet.Training; {source}");

    [Theory]
    [InlineData("RandomCrop(0)", "SN6011", "The size of RandomCrop must be at least 1, found 0")]
    [InlineData("RandomCrop(32, Padding = -1)", "SN6011", "Padding of RandomCrop must be at least 0, found -1")]
    [InlineData("RandomHorizontalFlip(1.5)", "SN6011", "The probability of RandomHorizontalFlip must be in [0, 1], found 1.5")]
    [InlineData("ColorJitter(Contrast = -0.1)", "SN6011", "Contrast of ColorJitter must be at least 0, found -0.1")]
    [InlineData("Normalize(new[] { 0.5 }, new[] { 0.0 })", "SN6011", "A standard deviation of Normalize must be above 0, found 0")]
    [InlineData("Normalize(new[] { 0.5, double.NaN }, new[] { 1.0, 1.0 })", "SN6011", "A mean of Normalize must be a finite number, found NaN")]
    [InlineData(
        "Normalize(new[] { 0.5, 0.5 }, new[] { 1.0 })",
        "SN6008",
        "Normalize must be given as many standard deviations as means, found 2 means and 1 standard deviations")]
    [InlineData("RandomErasing(-1)", "SN6011", "The probability of RandomErasing must be in [0, 1], found -1")]
    [InlineData("RandomErasing(MaxScale = 1.1)", "SN6011", "MaxScale of RandomErasing must be in [0, 1], found 1.1")]
    [InlineData("RandomErasing(MinScale = 0.4)", "SN6011", "MaxScale of RandomErasing must be at least MinScale, 0.4, found 0.33")]
    [InlineData("RandomErasing(MinRatio = 4)", "SN6011", "MaxRatio of RandomErasing must be at least MinRatio, 4, found 3.3")]
    [InlineData("RandomResizedCrop(0)", "SN6011", "The size of RandomResizedCrop must be at least 1, found 0")]
    [InlineData("RandomResizedCrop(8, MinScale = 0)", "SN6011", "MinScale of RandomResizedCrop must be above 0 and at most 1, found 0")]
    [InlineData("RandomResizedCrop(8, MaxScale = 0.05)", "SN6011", "MaxScale of RandomResizedCrop must be at least MinScale, 0.08, found 0.05")]
    [InlineData("RandomResizedCrop(8, MinRatio = 2)", "SN6011", "MaxRatio of RandomResizedCrop must be at least MinRatio, 2, found 1.3333333333333333")]
    [InlineData("RandomRotation(-5)", "SN6011", "The greatest angle of RandomRotation must be at least 0, found -5")]
    [InlineData("RandomRotation(5, Fill = 256)", "SN6011", "Fill of RandomRotation must be in [0, 255], found 256")]
    [InlineData("RandomRotation(5, Interpolation = (ImageInterpolation)2)", "SN6008", "Interpolation of RandomRotation must be Nearest or Bilinear, found 2")]
    [InlineData("RandomAffine(5, TranslateY = 1.5)", "SN6011", "TranslateY of RandomAffine must be in [0, 1], found 1.5")]
    [InlineData("RandomAffine(5, MinScale = 1.5)", "SN6011", "MaxScale of RandomAffine must be at least MinScale, 1.5, found 1")]
    [InlineData("RandomAffine(5, ShearX = 90)", "SN6011", "ShearX of RandomAffine must be in [0, 90), found 90")]
    [InlineData("RandAugment(-1)", "SN6011", "The number of changes of RandAugment must be at least 0, found -1")]
    [InlineData("RandAugment(2, 31)", "SN6011", "The strength of RandAugment must be in [0, 30], found 31")]
    [InlineData("TrivialAugment(Fill = -1)", "SN6011", "Fill of TrivialAugment must be in [0, 255], found -1")]
    [InlineData("AugMix(Severity = 11)", "SN6011", "Severity of AugMix must be in [1, 10], found 11")]
    [InlineData("AugMix(Width = 0)", "SN6011", "Width of AugMix must be at least 1, found 0")]
    [InlineData("AugMix(Depth = -1)", "SN6011", "Depth of AugMix must be at least 0, found -1")]
    [InlineData("AugMix(Alpha = 0)", "SN6011", "Alpha of AugMix must be above 0, found 0")]
    public Task A_number_out_of_range_is_reported_at_its_attribute(string attribute, string id, string message) =>
        Declaration.Reports($"using SourceNet.Training; [Augmentation, {{|{id}:{attribute}|}}] public sealed partial class A;", message);

    [Theory]
    [InlineData(
        "RandomCrop(8), {|SN6008:RandomResizedCrop(8)|}",
        "What cuts an image in an augmentation must be one attribute, found RandomCrop and RandomResizedCrop")]
    [InlineData("TrivialAugment, {|SN6008:RandAugment|}", "What is the policy in an augmentation must be one attribute, found TrivialAugment and RandAugment")]
    [InlineData(
        "RandomRotation(5), {|SN6008:RandomAffine(5, Fill = 3)|}",
        "Interpolation and Fill of RandomAffine must be those of RandomRotation, as the image is sampled once, found nearest, 3 and nearest, 0")]
    [InlineData(
        "RandomAffine(5), {|SN6008:RandomRotation(5, Interpolation = ImageInterpolation.Bilinear)|}",
        "Interpolation and Fill of RandomRotation must be those of RandomAffine, as the image is sampled once, found bilinear, 0 and nearest, 0")]
    public Task Changes_that_do_not_go_together_are_reported(string attributes, string message) =>
        Declaration.Reports($"using SourceNet.Training; [Augmentation, {attributes}] public sealed partial class A;", message);

    [Theory]
    [InlineData("[Augmentation] public sealed class {|SN6001:A|} { }", "'A' must be declared 'partial': the generator writes its other part")]
    [InlineData(
        "[Augmentation] public partial record {|SN6001:A|};",
        "'A' is a record: an augmentation must be a partial class that can be instantiated and that other files see")]
    [InlineData(
        "[Augmentation] public partial class {|SN6002:A|} : System.IO.MemoryStream;",
        "'A' derives from 'MemoryStream': an augmentation derives from SourceNet.Training.Augmentation, which the generated part states; remove the base "
            + "class")]
    [InlineData(
        "[Augmentation] public partial class {|SN6026:A|}(int seed) { public int Seed => seed; }",
        "'A' has a constructor of its own, but the generator writes the one that sets the changes: leave yours out")]
    [InlineData(
        "[Augmentation] public partial class {|SN6026:A|} { public A() { } }",
        "'A' has a constructor of its own, but the generator writes the one that sets the changes: leave yours out")]
    public Task A_class_that_cannot_be_extended_is_reported(string source, string message) =>
        Declaration.Reports($"using SourceNet.Training; {source}", message);

    [Fact]
    public Task A_change_without_augmentation_is_reported() => Declaration.Reports(
        "using SourceNet.Training; [{|SN6022:RandomCrop(32)|}, RandomHorizontalFlip] public sealed class A;",
        "[RandomCrop] does nothing here: 'A' has no [Augmentation], so nothing is generated from its attributes; put [Augmentation] on the class");
}
