using Check = SourceNet.Analyzers.Tests.Code<SourceNet.Analyzers.Data.TransformUse>;

namespace SourceNet.Analyzers.Tests.Data;

/// <summary>SN4008.</summary>
public class TransformUseTests
{
    [Theory]
    [InlineData("var flip = {|SN4008:RandomHorizontalFlip()|}; return Compose(CenterCrop(8));")]
    [InlineData("{|SN4008:ColorJitter(0.1f)|}; return CenterCrop(8);")]
    public Task It_fires_on_a_transform_that_nobody_uses(string body) => Check.Reports(Of(body));

    [Theory]
    [InlineData("var flip = RandomHorizontalFlip(); return Compose(flip);")]
    [InlineData("var list = new List<ITransform>(); list.Add(CenterCrop(8)); return Compose(list.ToArray());")]
    public Task A_transform_in_a_pipeline_is_silent(string body) => Check.IsSilent(Of(body));

    [Theory]
    [InlineData("var augment = Compose(RandomHorizontalFlip()); var x = augment.call(image); var mask = {|SN4008:augment.call(y)|}; return augment;")]
    [InlineData(
        """var sample = new Dictionary<string, Tensor> { ["data"] = _flip.call(images[0]), ["masks"] = {|SN4008:_flip.call(masks[0])|} }; return _flip;""")]
    public Task It_fires_on_an_image_and_its_mask(string body) => Check.Reports(Of(body));

    [Theory]
    [InlineData("var crop = CenterCrop(8); var x = crop.call(image); var mask = crop.call(y); return crop;")]
    [InlineData("var x = _flip.call(image); var other = _flip.call(y); return _flip;")]
    [InlineData("random.manual_seed(1); var x = _flip.call(image); random.manual_seed(1); var mask = _flip.call(y); return _flip;")]
    [InlineData("var x = given.call(image); var mask = given.call(y); return given;")]
    public Task Fixed_and_seeded_transforms_are_silent(string body) => Check.IsSilent(Of(body));

    [Fact]
    public Task The_messages_say_what_to_do() => Check.Reports(
        Of("var flip = {|SN4008:RandomHorizontalFlip()|}; var x = _flip.call(image); var mask = {|SN4008:_flip.call(y)|}; return _flip;"),
        "RandomHorizontalFlip is made and never used: the images stay as they are. Put it into the pipeline, or remove it.",
        "RandomHorizontalFlip draws anew for this call: the mask no longer fits its image. Stack image and mask along the channels and transform them "
            + "together.");

    private static string Of(string body) =>
        $$"""
        using static TorchSharp.torchvision;
        using static TorchSharp.torchvision.transforms;

        class Scans
        {
            private readonly ITransform _flip = RandomHorizontalFlip();

            ITransform Make(Tensor image, Tensor y, Tensor[] images, Tensor[] masks, ITransform given)
            {
                {{body}}
            }
        }
        """;
}
