public static class Nets
{
    public static nn.Module<Tensor, Tensor> Create() => nn.Sequential(
        ("lin1", nn.Linear(1000, 100)),
        ("relu1", nn.ReLU()),
        ("drop1", nn.Dropout(0.1)),
        ("lin2", nn.Linear(100, 10)));
}
