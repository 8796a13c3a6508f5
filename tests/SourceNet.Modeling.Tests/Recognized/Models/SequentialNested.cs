public static class Nets
{
    private static nn.Module<Tensor, Tensor> Block(long from, long to, double drop = 0.1) => nn.Sequential(
        nn.Conv2d(from, to, 3, padding: 1, bias: false),
        nn.BatchNorm2d(to),
        nn.ReLU(inplace: true),
        nn.Dropout2d(drop));

    public static nn.Module<Tensor, Tensor> Create()
    {
        var features = nn.Sequential(Block(3, 64), nn.MaxPool2d(2), Block(64, 128, 0.2), nn.AdaptiveAvgPool2d(1));
        return nn.Sequential(("features", features), ("flatten", nn.Flatten()), ("classifier", nn.Linear(128, 10)));
    }
}
