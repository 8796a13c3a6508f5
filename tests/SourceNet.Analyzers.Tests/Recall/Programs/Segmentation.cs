// A U-Net that frees each intermediate tensor by hand, and is trained with the overlap of its masks.
class DoubleConvolution : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Sequential layers;

    public DoubleConvolution(long from, long to)
        : base($"DoubleConvolution{from}x{to}")
    {
        layers = nn.Sequential(
            nn.Conv2d(from, to, 3, padding: 1, bias: false),
            nn.BatchNorm2d(to),
            nn.ReLU(inplace: true),
            nn.Conv2d(to, to, 3, padding: 1, bias: false),
            nn.BatchNorm2d(to),
            nn.ReLU(inplace: true));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => layers.call(x);
}

class UNet : nn.Module<Tensor, Tensor>
{
    private readonly DoubleConvolution down1, down2, bottom, up2, up1;
    private readonly TorchSharp.Modules.ConvTranspose2d widen2, widen1;
    private readonly TorchSharp.Modules.MaxPool2d pool;
    private readonly TorchSharp.Modules.Conv2d mask;

    public UNet(long channels, long width)
        : base(nameof(UNet))
    {
        pool = nn.MaxPool2d(2);
        down1 = new DoubleConvolution(channels, width);
        down2 = new DoubleConvolution(width, 2 * width);
        bottom = new DoubleConvolution(2 * width, 4 * width);
        widen2 = nn.ConvTranspose2d(4 * width, 2 * width, 2, stride: 2);
        up2 = new DoubleConvolution(4 * width, 2 * width);
        widen1 = nn.ConvTranspose2d(2 * width, width, 2, stride: 2);
        up1 = new DoubleConvolution(2 * width, width);
        mask = nn.Conv2d(width, 1, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor image)
    {
        using var skip1 = down1.call(image);
        using var half = pool.call(skip1);
        using var skip2 = down2.call(half);
        using var quarter = pool.call(skip2);
        using var deep = bottom.call(quarter);

        using var wider2 = widen2.call(deep);
        using var joined2 = cat([skip2, wider2], 1);
        using var merged2 = up2.call(joined2);

        using var wider1 = widen1.call(merged2);
        using var joined1 = cat([skip1, wider1], 1);
        using var merged1 = up1.call(joined1);
        return mask.call(merged1);
    }
}

static class Segmentation
{
    public static void Train(
        IReadOnlyList<(Tensor Image, Tensor Mask)> train, IReadOnlyList<(Tensor Image, Tensor Mask)> validation, int epochs, string checkpoint)
    {
        var device = cuda.is_available() ? CUDA : CPU;
        using var model = new UNet(3, 32);
        model.to(device);
        using var optimizer = optim.Adam(model.parameters().ToArray(), lr: 1e-4);
        var bestOverlap = 0.0;
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            model.train();
            foreach (var (image, target) in train)
            {
                optimizer.zero_grad();
                using var x = image.to(device);
                using var y = target.to(device);
                using var logits = model.call(x);
                using var pixels = nn.functional.binary_cross_entropy_with_logits(logits, y);
                using var overlap = DiceLoss(logits, y);
                using var loss = pixels + overlap;
                loss.backward();
                optimizer.step();
            }

            var reached = Overlap(model, validation, device);
            Console.WriteLine($"epoch {epoch}: overlap {reached:F4}");
            if (reached > bestOverlap)
            {
                bestOverlap = reached;
                model.save(checkpoint);
            }
        }
    }

    private static Tensor DiceLoss(Tensor logits, Tensor target)
    {
        using var scope = NewDisposeScope();
        var probability = logits.sigmoid();
        var common = (probability * target).sum([1L, 2L, 3L]);
        var total = probability.sum([1L, 2L, 3L]) + target.sum([1L, 2L, 3L]);
        return (1 - (2 * common + 1) / (total + 1)).mean().MoveToOuterDisposeScope();
    }

    private static double Overlap(UNet model, IReadOnlyList<(Tensor Image, Tensor Mask)> samples, Device device)
    {
        model.eval();
        using var noGradients = no_grad();
        var sum = 0.0;
        foreach (var (image, target) in samples)
        {
            using var scope = NewDisposeScope();
            var found = model.call(image.to(device)).gt(0);
            var wanted = target.to(device).gt(0.5);
            var both = found.logical_and(wanted).sum().item<long>();
            var either = found.logical_or(wanted).sum().item<long>();
            sum += either == 0 ? 1 : (double)both / either;
        }

        return sum / samples.Count;
    }
}
